const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that run the whole program in other processes: the longest, so they start first and no core waits at the end. */
const FIRST = [
  'language-host.test.ts',
  'model.test.ts',
  'components.test.ts',
  'whole-program.test.ts',
  'tap-stack.test.ts',
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
