import { alarmTable, documentedRows, runbooks } from '../../analysis/alarms/table';

const SETTINGS = {
  canaryIntervalMinutes: 1,
  heartbeatIntervalSeconds: 10,
  lagCriticalSeconds: 30,
  lagSampleIntervalSeconds: 30,
  lagWarningSeconds: 1,
  probeIntervalSeconds: 10,
  rpoSeconds: 60,
};

test('the table says of every alarm when it is red and what silence means', () => {
  const lines = alarmTable(SETTINGS).split('\n');
  expect(lines).toHaveLength(2 + documentedRows(SETTINGS).length);
  expect(lines).toContain(
    '| `probe-failed` | Maximum ProbeFailed ≥ 1, 3 × 10 s | notBreaching | the probe itself is broken, which says nothing about primary; probe-stopped tells of it |',
  );
  expect(lines.find((line) => line.startsWith('| `errors-<function>`'))).toContain(
    'Errors in % of Invocations > 5, 3 × 60 s',
  );
});

test('there is one runbook for all tables, buckets and functions, and one for each other alarm', () => {
  expect(runbooks(SETTINGS)).toEqual([
    'probe-failed',
    'probe-stopped',
    'heartbeat-silent',
    'heartbeat-unhealthy',
    'heartbeat-unknown',
    'canary-peer-failed',
    'canary-own-failed',
    'canary-stopped',
    'maintenance',
    'failover-active',
    'aurora-lag-warning',
    'sql-lag-warning',
    'aurora-lag-critical',
    'sql-lag-critical',
    'lag-sample-old',
    'table-lag',
    'bucket-lag',
    'bucket-failed',
    'errors',
    'api-5xx',
    'needs-person',
    'order-queue-age',
    'order-dlq',
    'fleet-unhealthy',
    'readiness',
    'readiness-regressed',
    'run-failed',
    'parameters-old',
    'failover-trigger',
    'peer-lost',
  ]);
});
