/** `npm run test:rehearsal`: the simulated AWS against its documentation, every scenario, and faults planted in our own code. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test/rehearsal'],
  transform: { '^.+\\.ts$': 'ts-jest' },
  maxWorkers: 2,
  testTimeout: 120_000,
};
