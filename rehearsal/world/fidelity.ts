import type { ModelledBehaviour } from '../aws/fidelity';

const EMF = 'CloudWatch user guide, "Specification: Embedded metric format"';
const CANARIES =
  'CloudWatch user guide, "Synthetic monitoring (canaries)" and "CloudWatch metrics published by canaries"';

/** What is modelled of metrics in log lines. */
export const LOGS_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'CloudWatch Logs reads metrics from lines in embedded metric format.',
    model: 'simplified',
    how:
      'At once; how long a value is on its way is CloudWatch’s matter, below. Logs themselves are not kept, and no metric filter ' +
      'reads them.',
    source: EMF,
    test: 'becomes the values that it names, in its dimensions, at its own time',
  },
  {
    behaviour: 'A line may have several values, sets of dimensions and a resolution of one second.',
    model: 'exact',
    how: 'As in the specification’s schema.',
    source: EMF,
    test: 'may name several values, sets of dimensions and high resolution',
  },
  {
    behaviour: 'Other lines are no metrics.',
    model: 'exact',
    how: 'Also those that have the key and not the form.',
    source: EMF,
    test: 'is none when it is an ordinary line of the log, whatever it says',
  },
];

/** What of CloudWatch Synthetics the rehearsal models. */
export const SYNTHETICS_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A canary runs its script on its schedule and publishes SuccessPercent when it is over.',
    model: 'simplified',
    how:
      'The script itself, in a fresh environment, with its own variables; its first run comes at any moment of its interval. No ' +
      'other metrics, artifacts or retries.',
    source: CANARIES,
    test: 'runs its script every minute in a fresh environment and publishes SuccessPercent',
  },
  {
    behaviour: 'A run fails when its script throws or its time is over.',
    model: 'exact',
    how: 'The time-out of the canary’s own run configuration; a fault can let all runs of a region fail.',
    source: CANARIES,
    test: 'fails when its script throws, when its time is over, and when Synthetics itself is broken',
  },
  {
    behaviour: 'A region that is down runs no canaries.',
    model: 'assumed',
    how: 'The schedule goes on when it is back.',
    source: 'Documented nowhere',
    test: 'in a dark region neither runs nor publishes',
  },
];
