import { replaced, rewired } from './plant';
import type { PlantedFault } from './plant';

/** One of two lines taken away: nothing happens, because the other one holds. */
export interface SecondLine extends Omit<PlantedFault, 'caughtBy'> {
  readonly scenario: string;
  readonly seed: string;
  /** What holds instead, and where the same is planted without it. */
  readonly because: string;
}

/** Faults that no run can show, and why; a test plays each of them, so that the reason stays true. */
export const SECOND_LINES: readonly SecondLine[] = [
  {
    name: 'epoch-not-compared',
    story:
      'The transaction of a writer does not compare its epoch with the one in the database, nor with the lease again.',
    sources: [
      replaced(
        'lambda/shared/fenced-write.ts',
        ['if (found > own) throw new Fenced(superseded(found, own));', ''],
        ['if (again.epoch !== epoch) throw new Fenced(superseded(again.epoch, epoch));', ''],
      ),
    ],
    scenario: 'primary-alone',
    seed: '1',
    because:
      'Each region writes to the volume of its own cluster, and dr installs its epoch in its own: an old writer never finds a higher epoch there. What stops it is the end of its lease (lease-end-not-checked, open-too-early).',
  },
  {
    name: 'guard-without-witness',
    story: 'The isolation guard does not care whether the witness answers.',
    sources: [replaced('lambda/failover-orchestrator/guards.ts', ['if (!witnessAnswers)', 'if (Number.isNaN(at))'])],
    scenario: 'observer-half-cut-off',
    seed: '1',
    because: 'Without the witness there is no majority of the registers (witness-ignored).',
  },
  {
    name: 'silent-heartbeat',
    story: 'The heartbeat publishes no age of a renewal once there is none.',
    sources: [
      replaced('lambda/heartbeat/signals.ts', [
        '...(renewedAt !== undefined && { HeartbeatAgeSeconds:',
        '...(renewedAt !== undefined && renews && { HeartbeatAgeSeconds:',
      ]),
    ],
    scenario: 'region-dark',
    seed: '2',
    because: 'The alarm takes no data for bad (silence-is-good).',
  },
  {
    name: 'no-data-is-good',
    story: 'The alarm of a silent heartbeat takes no data for good.',
    graph: rewired(
      'aws:cloudwatch/metricAlarm:MetricAlarm',
      ({ inputs }) => inputs['metricName'] === 'HeartbeatAgeSeconds',
      (inputs) => ({ ...inputs, treatMissingData: 'notBreaching' }),
    ),
    scenario: 'region-dark',
    seed: '2',
    because: 'The heartbeat of dr publishes the age all the while (silence-is-good).',
  },
  {
    name: 'promotion-looked-at-seldom',
    story: 'The run looks every two minutes how far the promotion is.',
    sources: [
      replaced('lambda/failover-orchestrator/plan.ts', [
        'cluster the writer",\n    after: [],\n    ...critical(8_000),',
        'cluster the writer",\n    after: [],\n    ...critical(8_000, 120_000),',
      ]),
    ],
    scenario: 'region-dark',
    seed: '2',
    because: 'The heartbeat opens the lease as soon as the database here takes writes, whether or not the run looks.',
  },
];
