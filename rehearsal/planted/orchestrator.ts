import { replaced } from './plant';
import type { PlantedFault } from './plant';

const ORCHESTRATOR = 'lambda/failover-orchestrator';

/** Wrong in how a run decides, and in what it does. */
export const ORCHESTRATOR_FAULTS: readonly PlantedFault[] = [
  {
    name: 'no-allow-data-loss',
    story:
      'FailoverGlobalCluster is sent without AllowDataLoss: RDS takes it for a switchover, which the lost region has to take.',
    sources: [replaced(`${ORCHESTRATOR}/global-database.ts`, ['AllowDataLoss: true,', ''])],
    // A switchover is asked of the primary's region (aws-facts.md 1.1); what this region's RDS would answer, nobody has
    // written down, so the simulation stops: a run that fails is no pass.
    caughtBy: { scenario: 'region-dark', seeds: ['2'], violation: /FailoverGlobalCluster: .* is not modelled/ },
  },
  {
    name: 'other-regions-rds',
    story: 'The order to fail over is sent to the endpoint of the region that is lost.',
    sources: [
      replaced(`${ORCHESTRATOR}/handler.ts`, [
        'order: watch(new RDSClient(awsClientOptions(here,',
        'order: watch(new RDSClient(awsClientOptions(there,',
      ]),
    ],
    caughtBy: { scenario: 'region-dark', seeds: ['2'], violation: /no order was good again/ },
  },
  {
    name: 'promotion-not-followed',
    story: 'Once RDS has accepted the failover, nobody looks any more how far it is.',
    sources: [
      replaced(`${ORCHESTRATOR}/steps/promote.ts`, [
        'return async ({ epoch, signal, state: { abortBy, givesUp } }) => {',
        `return async ({ epoch, signal, state: { abortBy, givesUp, promotionAccepted } }) => {
           if (promotionAccepted) return accepted('RDS has accepted the failover');`,
      ]),
    ],
    caughtBy: { scenario: 'region-dark', seeds: ['2'], violation: /the run .* has no end/ },
  },
  {
    name: 'stop-consumers-critical',
    story: "The run insists on stopping the lost region's consumers.",
    sources: [
      replaced(`${ORCHESTRATOR}/plan.ts`, [
        "...bestEffort(4_000, 1),\n  },\n  {\n    name: 'start-consumers'",
        "...critical(4_000),\n  },\n  {\n    name: 'start-consumers'",
      ]),
    ],
    caughtBy: { scenario: 'region-dark', seeds: ['2'], violation: /the run .* has no end/ },
  },
  {
    name: 'vantage-ignored',
    story: "The isolation guard does not care what Route 53's checkers say.",
    sources: [replaced(`${ORCHESTRATOR}/guards.ts`, ["if (vantage === 'down')", "if (vantage !== 'unknown')"])],
    caughtBy: {
      scenario: 'partition-10-minutes',
      seeds: ['1'],
      violation: /claimed epoch 2, although nothing was to be left/,
    },
  },
  {
    name: 'witness-ignored',
    story: 'Neither the isolation guard nor the majority of the registers needs the witness.',
    sources: [
      replaced(`${ORCHESTRATOR}/guards.ts`, ['if (!witnessAnswers)', 'if (Number.isNaN(at))']),
      replaced('lambda/shared/register/record.ts', ['majority: 2, primaryRegion }', 'majority: 1, primaryRegion }']),
    ],
    caughtBy: { scenario: 'observer-half-cut-off', seeds: ['1'], violation: /double write/ },
  },
  {
    name: 'one-bad-verdict',
    story: 'One bad verdict of a region about itself is proof enough.',
    sources: [
      replaced(`${ORCHESTRATOR}/guards.ts`, ['if (evidence.unhealthyForLong && saysUnhealthy', 'if (saysUnhealthy']),
    ],
    caughtBy: { scenario: 'zone-lost', seeds: ['1'], violation: /claimed epoch/ },
  },
  {
    name: 'unknown-lag-is-none',
    story: 'The loss guard takes a lag that nobody knows for none.',
    sources: [
      replaced(`${ORCHESTRATOR}/loss.ts`, [
        'if (!lag.known) return { known: false, why: lag.why, faultAt };',
        'if (!lag.known) return { known: true, lossMs: 0, faultAt, sampleAgeMs: 0 };',
      ]),
    ],
    caughtBy: { scenario: 'region-dark-loss-unknown', seeds: ['1'], violation: /claimed epoch 2/ },
  },
  {
    name: 'journal-after-the-act',
    story: 'What a run does after its claim is written down when it has ended, not before it is done.',
    sources: [
      replaced(
        `${ORCHESTRATOR}/hold.ts`,
        ['async function write(', 'let unwritten: RunState | undefined;\n  async function write('],
        [
          'save: (next) =>\n      write({',
          `save: async (next) => {
      if (next.state.phase === 'acting') {
        unwritten ??= entry.state;
        await write({ state: unwritten, ownedUntil: now() + OWNED_MS });
        entry = { ...entry, state: next.state, alerts: withAlerts(entry.alerts, next) };
        return;
      }
      return write({`,
        ],
        ['...changedAt(next.state),\n      }),\n    told', '...failoverAt(next.state),\n      });\n    },\n    told'],
      ),
    ],
    caughtBy: { scenario: 'region-dark-crash', seeds: ['2', '5'], violation: /no order was good again/ },
  },
];
