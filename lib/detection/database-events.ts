import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import type { Region } from '../regions';

/** The database as one region knows it. */
export interface DatabaseEventsArgs {
  readonly environmentSuffix: string;
  readonly region: Region;
  readonly accountId: pulumi.Input<string>;
  readonly topicArn: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly globalClusterArn: pulumi.Input<string>;
}

/** What RDS tells of, and what it means in words. */
export interface DatabaseEventRow {
  /** The rule's name. */
  readonly name: string;
  /** Without `RDS-EVENT-`. */
  readonly ids: readonly string[];
  readonly says: string;
}

/** Events of a global database (Aurora guide, "Amazon RDS event categories and event messages for Aurora"). */
export const DATABASE_EVENTS: readonly DatabaseEventRow[] = [
  {
    name: 'switchover-under-way',
    ids: ['0181', '0182', '0183', '0184', '0423'],
    says: 'A planned switchover of the database is under way; nothing can be written until it is finished.',
  },
  { name: 'switchover-finished', ids: ['0185'], says: 'A planned switchover of the database is finished.' },
  {
    name: 'switchover-not-done',
    ids: ['0186', '0187'],
    says: 'A planned switchover of the database was cancelled or has failed; the writer is where it was.',
  },
  {
    name: 'failover-finished',
    ids: ['0238'],
    says: 'A failover of the database is finished: the writer is in the region named below.',
  },
  {
    name: 'failover-failed',
    ids: ['0239'],
    says: 'A failover of the database has FAILED: nobody may be able to write. See what the orchestrator reports.',
  },
  {
    name: 'resynchronization',
    ids: ['0240', '0241'],
    says: 'After a failover the other cluster is being rebuilt (0240) or is a follower again (0241); only then can it take over.',
  },
  {
    name: 'old-writer-fenced',
    ids: ['0390'],
    says: 'Aurora has blocked writes to the old writer: it cannot commit any more.',
  },
  {
    name: 'old-writer-not-fenced',
    ids: ['0391'],
    says:
      'Aurora could NOT block writes to the old writer: it may have gone on writing beside the new one. ' +
      'Keep the snapshot rds:unplanned-global-failover-... of the old cluster and compare what it holds.',
  },
  {
    name: 'writer-name-moved',
    ids: ['0397'],
    says: 'The global writer endpoint now leads to the new writer; clients follow within the life of their DNS answers.',
  },
];

/**
 * RDS's own account of a failover, in both regions: Aurora tells the old writer's region when it is reachable and the new
 * one's when it is not. Information only: these events are best effort, so the orchestrator asks instead of waiting for them.
 */
export class DatabaseEvents extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseEventsArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:detection:DatabaseEvents', name, {}, opts);
    for (const row of DATABASE_EVENTS) createRule(this, `${name}-${row.name}`, row, args);
    this.registerOutputs({});
  }
}

function createRule(parent: pulumi.Resource, name: string, row: DatabaseEventRow, args: DatabaseEventsArgs): void {
  const rule = new cloudwatch.EventRule(
    `${name}-rule`,
    {
      name: physicalName('EventBridge rule', `database-${row.name}`, args.environmentSuffix),
      description: row.says,
      eventPattern: pattern(row, args),
    },
    { parent },
  );
  new cloudwatch.EventTarget(
    `${name}-target`,
    {
      rule: rule.name,
      arn: args.topicArn,
      inputTransformer: {
        inputPaths: {
          message: '$.detail.Message',
          source: '$.detail.SourceIdentifier',
          id: '$.detail.EventID',
          region: '$.region',
          at: '$.time',
        },
        // One JSON string, which is what a person reads.
        inputTemplate: JSON.stringify(`${row.says} RDS says: <message> (<id>, <source>, <region>, <at>)`),
      },
    },
    { parent },
  );
}

/** Fencing is told of an instance, everything else of a cluster; other stacks of the account have databases, too. */
function pattern({ ids }: DatabaseEventRow, args: DatabaseEventsArgs): pulumi.Output<string> {
  return pulumi.jsonStringify({
    source: ['aws.rds'],
    'detail-type': ['RDS DB Cluster Event', 'RDS DB Instance Event'],
    detail: {
      EventID: ids.map((id) => `RDS-EVENT-${id}`),
      SourceArn: [args.clusterArn, args.globalClusterArn, { wildcard: instanceArns(args) }],
    },
  });
}

/** Every instance of this region's cluster, also one that did not exist when this was written. */
function instanceArns({ environmentSuffix, region, accountId }: DatabaseEventsArgs): pulumi.Output<string> {
  const instances = physicalName('ElastiCache or RDS identifier', 'aurora-*', environmentSuffix, region.name);
  return pulumi.interpolate`arn:aws:rds:${region.name}:${accountId}:db:${instances}`;
}
