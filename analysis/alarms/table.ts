import { runbookOf } from '../../lib/detection/alarm-row';
import { databaseRows } from '../../lib/detection/rows/database';
import { failoverActiveRow, operationRows } from '../../lib/detection/rows/operation';
import { FAILOVER_TRIGGER, PEER_LOST, peerRows } from '../../lib/detection/rows/peer';
import { serviceRows } from '../../lib/detection/rows/services';
import { storeRows } from '../../lib/detection/rows/stores';
import type { AlarmRow, Comparison, CompositeRow } from '../../lib/detection/alarm-row';
import type { TapConfig } from '../../lib/config';

/** What the alarms take from the configuration. */
export type AlarmSettings = Pick<
  TapConfig,
  | 'canaryIntervalMinutes'
  | 'heartbeatIntervalSeconds'
  | 'lagCriticalSeconds'
  | 'lagSampleIntervalSeconds'
  | 'lagWarningSeconds'
  | 'probeIntervalSeconds'
  | 'rpoSeconds'
>;

/** One of each: what the alarms of every table, bucket or function have in common stands for all of them. */
export function documentedRows(settings: AlarmSettings): readonly AlarmRow[] {
  const any = { name: '' };
  return [
    ...peerRows({ ...settings, role: 'dr', namespace: '', canaries: { own: '', peer: '' } }),
    failoverActiveRow(''),
    ...databaseRows({ ...settings, namespace: '', clusterIdentifier: '' }),
    ...storeRows({
      ...settings,
      otherRegionName: '',
      tables: { '<table>': any },
      ownBuckets: { '<bucket>': any },
      otherBuckets: { '<bucket>': any },
    }),
    ...serviceRows({
      namespace: '',
      functions: { '<function>': { functionName: '', rarelyCalled: false, tellsOfClients: true } },
      api: { apiName: '', stageName: '' },
      orderQueue: { queueName: '', deadLetterQueueName: '' },
      fleet: { albArnSuffix: '', targetGroupArnSuffix: '' },
    }),
    ...operationRows(''),
  ];
}

/** The composite alarms. */
export const DOCUMENTED_COMPOSITES: readonly CompositeRow[] = [FAILOVER_TRIGGER, PEER_LOST];

/** Every section that the README must have for the alarms, without `alarm-`. */
export function runbooks(settings: AlarmSettings): readonly string[] {
  const rows = [...documentedRows(settings), ...DOCUMENTED_COMPOSITES];
  return [...new Set(rows.map((row) => runbookOf(row)))];
}

/** The table of all metric alarms for the README: when each is red, and what it takes silence for. */
export function alarmTable(settings: AlarmSettings): string {
  const cells = documentedRows(settings).map((row) => [`\`${row.name}\``, redWhen(row), row.noData, row.noDataMeans]);
  return [['alarm', 'red when', 'no data is', 'because'], ['---', '---', '---', '---'], ...cells]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');
}

const SIGNS: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: '≥',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
};

function redWhen({ watches, comparison, threshold, periodSeconds, evaluationPeriods }: AlarmRow): string {
  const value =
    'whole' in watches ? `${watches.part} in % of ${watches.whole}` : `${watches.statistic} ${watches.metricName}`;
  return `${value} ${SIGNS[comparison]} ${threshold}, ${evaluationPeriods} × ${periodSeconds} s`;
}
