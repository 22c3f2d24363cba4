/** `npm run test:rehearsal`: the simulated AWS against its documentation, every scenario, and faults planted in our own code. */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.ts',
  roots: ['<rootDir>/test/rehearsal'],
  transform: { '^.+\\.ts$': '<rootDir>/test/support/transform.js' },
  // Evaluations run outside of jest's modules, once for all test files (test/support/outside).
  moduleNameMapper: { '/graph/evaluate-stack$': '<rootDir>/test/support/evaluate-stack.ts' },
  maxWorkers: 2,
  testTimeout: 120_000,
};
