const { default: Sequencer } = require('@jest/test-sequencer');

/** The failover last: it leaves another region active, and the other suites have no need of a stack that was through one. */
module.exports = class FailoverLast extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (path.endsWith('failover.test.ts') ? 1 : 0);
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }
};
