import type * as pulumi from '@pulumi/pulumi';
import type { RegionRole } from '../../regions';
import { signal } from '../alarm-row';
import type { AlarmRow, CompositeRow } from '../alarm-row';

/** What one region watches the other with. */
export interface PeerRowsArgs {
  /** Home role of the watching region. */
  readonly role: RegionRole;
  readonly namespace: string;
  readonly probeIntervalSeconds: number;
  readonly heartbeatIntervalSeconds: number;
  readonly canaryIntervalMinutes: number;
  readonly canaries: { readonly own: pulumi.Input<string>; readonly peer: pulumi.Input<string> };
}

/**
 * How long the other region may say that it does not work, in seconds. It begins to say so some time after its database has
 * stopped (lambda/health/judge-self.ts, DATABASE_PATIENCE_MS): together as long as an in-region database failover may take.
 */
const UNHEALTHY_PATIENCE_SECONDS = 50;
/** Heartbeats that may be missed: the age of the last one is bad above this many intervals. */
const MISSED_HEARTBEATS = 2;
/** Of a canary's runs, in percent: below it most of a period's runs failed. */
const CANARY_SUCCESS_PERCENT = 90;

/** primary is lost, or does not work, as dr sees it: the one alarm that starts a run. */
export const FAILOVER_TRIGGER: CompositeRow = {
  name: 'failover-trigger',
  says: 'primary processes no orders, and a second witness agrees: the orchestrator in dr is called',
  rule: 'ALARM(probe-failed) AND (ALARM(heartbeat-silent) OR ALARM(heartbeat-unhealthy) OR ALARM(canary-peer-failed))',
};

/** dr is lost, as primary sees it. Nothing starts by itself: a failover to primary is an operator's decision. */
export const PEER_LOST: CompositeRow = {
  name: 'peer-lost',
  says: 'dr is the active region, its heartbeat is silent and the canary cannot reach it',
  rule: 'ALARM(heartbeat-silent) AND ALARM(canary-peer-failed)',
};

/** The composite of a region; there is exactly one. */
export function peerComposite(role: RegionRole): CompositeRow {
  return role === 'dr' ? FAILOVER_TRIGGER : PEER_LOST;
}

/** Everything that a region's composite is made of, and what watches the watchers (M6, M8). */
export function peerRows(args: PeerRowsArgs): readonly AlarmRow[] {
  return [
    ...(args.role === 'dr' ? probeRows(args) : []),
    ...heartbeatRows(args),
    ...canaryRows(args),
    maintenance(args),
  ];
}

/** An outside caller's view of primary. */
function probeRows({ namespace, probeIntervalSeconds }: PeerRowsArgs): readonly AlarmRow[] {
  return [
    {
      name: 'probe-failed',
      says: 'Three probes in a row: an order (or payment) through the regional API of primary was not accepted and settled in time',
      watches: signal(namespace, 'ProbeFailed', 'Maximum', probeIntervalSeconds),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      periodSeconds: probeIntervalSeconds,
      evaluationPeriods: 3,
      noData: 'notBreaching',
      noDataMeans: 'the probe itself is broken, which says nothing about primary; probe-stopped tells of it',
      notifies: false,
    },
    probeStopped(namespace),
  ];
}

function probeStopped(namespace: string): AlarmRow {
  return {
    name: 'probe-stopped',
    says: 'The probe of primary has reported nothing for three minutes: without it no failover starts by itself',
    watches: signal(namespace, 'ProbeFailed', 'SampleCount', 60),
    comparison: 'LessThanThreshold',
    threshold: 1,
    periodSeconds: 60,
    evaluationPeriods: 3,
    noData: 'breaching',
    noDataMeans: 'this is what it watches for',
    notifies: true,
  };
}

/** What the other region says of itself, and whether it still says anything. */
function heartbeatRows({ namespace, heartbeatIntervalSeconds }: PeerRowsArgs): readonly AlarmRow[] {
  const seconds = heartbeatIntervalSeconds;
  return [
    {
      name: 'heartbeat-silent',
      says: 'The other region is active and has not renewed its lease for two heartbeats',
      watches: signal(namespace, 'HeartbeatAgeSeconds', 'Maximum', seconds),
      comparison: 'GreaterThanThreshold',
      threshold: MISSED_HEARTBEATS * seconds,
      periodSeconds: seconds,
      evaluationPeriods: 2,
      noData: 'breaching',
      noDataMeans:
        'the heartbeat function of this region is silent, and silence is never good; alone it starts nothing',
      notifies: false,
    },
    {
      name: 'heartbeat-unhealthy',
      says: 'The other region is active and has said for 50 seconds that it does not work',
      watches: signal(namespace, 'HeartbeatUnhealthy', 'Maximum', seconds),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      periodSeconds: seconds,
      evaluationPeriods: Math.ceil(UNHEALTHY_PATIENCE_SECONDS / seconds),
      noData: 'notBreaching',
      noDataMeans: 'nobody has said that it does not work; heartbeat-silent judges silence',
      notifies: false,
    },
    {
      name: 'heartbeat-unknown',
      says: 'The other region is active and renews its lease, but has no fresh verdict about its database and queue',
      watches: signal(namespace, 'HeartbeatUnknown', 'Maximum', 60),
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      periodSeconds: 60,
      evaluationPeriods: 3,
      noData: 'notBreaching',
      noDataMeans: 'the heartbeat is silent, which heartbeat-silent judges',
      notifies: true,
    },
  ];
}

/** The public names, as a browser somewhere would see them. */
function canaryRows({ role, canaries, canaryIntervalMinutes }: PeerRowsArgs): readonly AlarmRow[] {
  const success = (canary: pulumi.Input<string>, statistic: 'Average' | 'SampleCount') => ({
    namespace: 'CloudWatchSynthetics',
    metricName: 'SuccessPercent',
    dimensions: { CanaryName: canary },
    statistic,
  });
  const failed = {
    comparison: 'LessThanThreshold',
    threshold: CANARY_SUCCESS_PERCENT,
    periodSeconds: 60 * canaryIntervalMinutes,
    evaluationPeriods: 2,
    noData: 'notBreaching',
    noDataMeans:
      'Synthetics is broken in this region, which says nothing about what it looks at; canary-stopped tells of it',
    notifies: true,
  } as const;
  return [
    {
      ...failed,
      name: 'canary-peer-failed',
      says: `Twice in a row the canary did not get valid trading data from ${role === 'dr' ? 'primary' : 'dr'}`,
      watches: success(canaries.peer, 'Average'),
    },
    {
      ...failed,
      name: 'canary-own-failed',
      says: 'Twice in a row the canary did not get valid trading data under the failover name or the name of this region',
      watches: success(canaries.own, 'Average'),
    },
    {
      name: 'canary-stopped',
      says: 'The canary that watches the other region has not run three times',
      watches: success(canaries.peer, 'SampleCount'),
      comparison: 'LessThanThreshold',
      threshold: 1,
      periodSeconds: 60 * canaryIntervalMinutes,
      evaluationPeriods: 3,
      noData: 'breaching',
      noDataMeans: 'this is what it watches for',
      notifies: true,
    },
  ];
}

function maintenance({ namespace }: PeerRowsArgs): AlarmRow {
  return {
    name: 'maintenance',
    says: 'An operator has announced work on the platform: the composite of this region takes no action meanwhile',
    watches: signal(namespace, 'Maintenance', 'Maximum', 60),
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    periodSeconds: 60,
    evaluationPeriods: 1,
    noData: 'notBreaching',
    noDataMeans: 'nobody has announced anything, and forgotten work must not keep failovers off',
    notifies: false,
  };
}
