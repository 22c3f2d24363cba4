import * as pulumi from '@pulumi/pulumi';
import type { RegionalTables } from '../data/global-tables';
import type { RegionalBuckets } from '../data/replicated-buckets';
import { otherRole } from '../regions';
import type { PerRegion, RegionRole } from '../regions';
import { metricsNamespace } from '../services/function-policy';
import type { AlarmRow } from './alarm-row';
import { AlarmSet } from './alarm-set';
import { databaseRows } from './rows/database';
import { operationRows } from './rows/operation';
import { serviceRows } from './rows/services';
import type { ServiceRowsArgs } from './rows/services';
import { storeRows } from './rows/stores';

/** What one region watches of itself. */
export interface RegionAlarmsArgs extends Omit<ServiceRowsArgs, 'functions' | 'namespace'> {
  readonly environmentSuffix: string;
  readonly role: RegionRole;
  readonly regionNames: PerRegion<string>;
  readonly topicArn: pulumi.Input<string>;
  readonly clusterIdentifier: pulumi.Input<string>;
  readonly lagWarningSeconds: number;
  readonly lagCriticalSeconds: number;
  readonly lagSampleIntervalSeconds: number;
  readonly rpoSeconds: number;
  readonly tables: RegionalTables;
  readonly buckets: PerRegion<RegionalBuckets>;
  /** Each is watched for errors. */
  readonly functions: readonly WatchedFunction[];
}

/** A function, and whether a schedule alone calls it: then a minute has one invocation, and one is already a sample. */
export interface WatchedFunction {
  readonly physicalName: string;
  readonly rarelyCalled?: boolean;
}

/** Every alarm of a region that is about the region itself (M5); about the other one are the peer alarms. */
export class RegionAlarms extends pulumi.ComponentResource {
  readonly alarmArns: readonly pulumi.Output<string>[];

  constructor(name: string, args: RegionAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:detection:RegionAlarms', name, {}, opts);
    const { environmentSuffix, topicArn } = args;
    const rows = regionRows(args);
    const set = new AlarmSet(name, { environmentSuffix, topicArn, rows }, { parent: this });
    this.alarmArns = set.alarmArns;
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

/** The region's rows, in the order of the README. */
export function regionRows(args: Omit<RegionAlarmsArgs, 'topicArn'>): readonly AlarmRow[] {
  const { environmentSuffix, role, regionNames, tables, buckets } = args;
  const namespace = metricsNamespace(environmentSuffix);
  const other = otherRole(role);
  return [
    ...databaseRows({ ...args, namespace }),
    ...storeRows({
      ...args,
      otherRegionName: regionNames[other],
      tables: present(tables),
      ownBuckets: present(buckets[role]),
      otherBuckets: present(buckets[other]),
    }),
    ...serviceRows({ ...args, namespace, functions: functionsOf(args) }),
    ...operationRows(namespace),
  ];
}

/** Those that count NeedsPerson (lambda/shared/telemetry.ts). */
const TELL_OF_CLIENTS: ReadonlySet<string> = new Set(['order-processor', 'payment-validator', 'reconciler']);

/** By the name in the requirements' words: the physical one without the suffix. */
function functionsOf({ functions, environmentSuffix }: Pick<RegionAlarmsArgs, 'functions' | 'environmentSuffix'>) {
  return Object.fromEntries(
    functions.map(({ physicalName, rarelyCalled = false }) => {
      const name = physicalName.slice(0, -`-${environmentSuffix}`.length);
      return [name, { functionName: physicalName, rarelyCalled, tellsOfClients: TELL_OF_CLIENTS.has(name) }];
    }),
  );
}

/** What the chosen workloads have. */
function present<T extends object>(some: Readonly<Record<string, T | undefined>> | object): Record<string, T> {
  const entries: readonly [string, T | undefined][] = Object.entries(some);
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
