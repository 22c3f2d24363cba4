import { replaced, rewired } from './plant';
import type { PlantedFault } from './plant';

/** Wrong in what is seen of the other region, and in what clients are told. */
export const WATCHING_FAULTS: readonly PlantedFault[] = [
  {
    name: 'silence-is-good',
    story:
      'The heartbeat no longer publishes the age of a renewal once there is none, and its alarm takes no data for good.',
    sources: [
      replaced('lambda/heartbeat/signals.ts', [
        '...(renewedAt !== undefined && { HeartbeatAgeSeconds:',
        '...(renewedAt !== undefined && renews && { HeartbeatAgeSeconds:',
      ]),
    ],
    graph: rewired(
      'aws:cloudwatch/metricAlarm:MetricAlarm',
      ({ inputs }) => inputs['metricName'] === 'HeartbeatAgeSeconds',
      (inputs) => ({ ...inputs, treatMissingData: 'notBreaching' }),
    ),
    caughtBy: { scenario: 'region-dark', seeds: ['3'], violation: /misses the target/ },
  },
  {
    name: 'probe-content-with-accepted',
    story: 'The write probe takes an order for good that was accepted, whether or not it is ever settled.',
    sources: [
      replaced('lambda/primary-probe/probe-request.ts', [
        "return state === 'NOT_ACTIVE' ? over(true, `reachable, not active, epoch ${epoch ?? 'unknown'}`) : { kind: 'go-on' };",
        "return over(true, `accepted, ${state}, epoch ${epoch ?? 'unknown'}`);",
      ]),
    ],
    caughtBy: { scenario: 'processing-dead', seeds: ['1'], violation: /no region took over/ },
  },
  {
    name: 'waiting-is-standing-still',
    story: 'The verdict takes an order that waits for one that nobody executes, however fast the queue moves.',
    sources: [
      replaced('lambda/health/watch.ts', [
        "(tx) => hasMoved(tx, region))) return { kind: 'moves' };",
        "(tx) => hasMoved(tx, region)) && at < 0) return { kind: 'moves' };",
      ]),
    ],
    caughtBy: { scenario: 'load-backlog', seeds: ['1'], violation: /claimed epoch 2/ },
  },
  {
    name: 'latch-not-repeated',
    story: 'FailoverActive is published once by the run, and never again by the heartbeat.',
    sources: [
      replaced('lambda/heartbeat/beat.ts', ['publishesTraffic && index % 2 === 0', 'publishesTraffic && index < 0']),
    ],
    caughtBy: { scenario: 'handed-back', seeds: ['1'], violation: /no order was good again/ },
  },
  {
    name: 'lag-of-the-moment',
    story: 'The replication monitor dates a calculation that stands still with the moment of the question.',
    sources: [
      replaced('lambda/replication-monitor/lag.ts', [
        "return { kind: 'follows', calculatedAt: Math.round(calculatedAt), lagMs: Math.round(lagMs) };",
        "return { kind: 'follows', calculatedAt: Date.now(), lagMs: Math.round(lagMs) };",
      ]),
    ],
    caughtBy: { scenario: 'region-dark-nothing-arriving', seeds: ['1'], violation: /claimed epoch 2/ },
  },
  {
    name: 'names-return-by-themselves',
    story:
      "Clients are sent to primary as soon as its endpoint answers: the record's check is that of the endpoint alone.",
    graph: (graph) => {
      const endpoint = graph.one('aws:route53/healthCheck:HealthCheck', 'dns-api-endpoint-primary').id;
      return rewired(
        'aws:route53/record:Record',
        ({ name }) => name === 'dns-api-failover-primary',
        (inputs) => ({ ...inputs, healthCheckId: endpoint }),
      )(graph);
    },
    caughtBy: { scenario: 'region-dark-then-back', seeds: ['1'], violation: /no order was good again/ },
  },
];
