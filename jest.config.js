/** One project; the integration suite has its own configuration (jest.integration.config.js). */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.ts',
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: [
    '<rootDir>/test/integration/',
    // The simulated AWS against its documentation, and hours of virtual time: jest.rehearsal.config.js.
    '<rootDir>/test/rehearsal/',
    // Run by test/lib/components.test.ts, all in one file.
    '<rootDir>/test/lib/(foundation|data|services|routing|detection|recovery)/',
  ],
  transform: { '^.+\\.ts$': '<rootDir>/test/support/transform.js' },
  // Evaluations run outside of jest's modules, once for all test files (test/support/outside).
  moduleNameMapper: { '/graph/evaluate-stack$': '<rootDir>/test/support/evaluate-stack.ts' },
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/sequencer.js',
  testTimeout: 30_000,
};
