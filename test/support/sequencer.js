const { default: Sequencer } = require('@jest/test-sequencer');

/** The longest, so that they start first and no core waits at the end; at first one that evaluates and one that does not. */
const FIRST = [
  'model.test.ts',
  'budget-check.test.ts',
  'language-host.test.ts',
  'tap-stack.test.ts',
  'whole-program.test.ts',
  'search.test.ts',
  'components.test.ts',
  'handlers.test.ts',
  'answers.test.ts',
  'bundles.test.ts',
  'boot.test.ts',
];

const rank = ({ path }) => {
  const found = FIRST.findIndex((name) => path.endsWith(name));
  return found < 0 ? FIRST.length : found;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
