/** The integration suite: reads cfn-outputs/flat-outputs.json and talks to a deployed stack, one file after the other. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test/integration'],
  transform: { '^.+\\.ts$': 'ts-jest' },
  maxWorkers: 1,
  testSequencer: '<rootDir>/test/integration/support/sequencer.js',
  // Names the flows that were skipped, and why.
  verbose: true,
  testTimeout: 90_000,
  globalSetup: '<rootDir>/test/integration/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/integration/support/global-teardown.ts',
};
