import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import { policyDocument, trustPolicy, type PolicyStatement } from '../policy';
import type { RegionalTables } from '../data/global-tables';
import { inBoth, type PerRegion, type Regions } from '../regions';
import { localItem, publishSignals } from '../services/function-policy';

/** What an operator's commands touch. */
export interface OperatorAccessArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly accountId: pulumi.Input<string>;
  /** ARNs that may take the role. Empty: whoever the account's own IAM lets assume it. */
  readonly operatorPrincipals: readonly string[];
  readonly schemaMigrators: PerRegion<{ readonly functionArn: pulumi.Input<string> }>;
  readonly failoverOrchestrators: PerRegion<{ readonly functionArn: pulumi.Input<string> }>;
  readonly leaseTables: PerRegion<{ readonly tableArn: pulumi.Input<string> }>;
  readonly journals: PerRegion<{ readonly tableArn: pulumi.Input<string> }>;
  readonly registers: { readonly tableArns: readonly pulumi.Input<string>[] };
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
  /** Asked how far the database is behind. */
  readonly replicationMonitors: PerRegion<{ readonly functionArn: pulumi.Input<string> }>;
  /** Asked which orders have no row. */
  readonly ledgers: PerRegion<{ readonly functionArn: pulumi.Input<string> }>;
  /** Of orders and payments, where the stack has them. */
  readonly tables: PerRegion<RegionalTables>;
  /** What docs/alarms.md sends a person to, who reads it with the AWS CLI. */
  readonly readByHand: PerRegion<{
    readonly functions: readonly { readonly physicalName: string }[];
    /** Of the alerts, and of the orders that were given up, where the stack has those. */
    readonly queueNames: readonly (pulumi.Input<string> | undefined)[];
  }>;
  /** Where the reports of runs are. */
  readonly buckets: PerRegion<{ readonly 'audit-logs': { readonly arn: pulumi.Input<string> } }>;
}

/** Seconds: a person's work on one incident. */
const LONGEST_SESSION = 3_600;

/**
 * The role that a person takes to operate the platform (F6), with what today's work calls. One for both regions,
 * because IAM is global; its statements name resources of both, so that losing one leaves the role useful in the other.
 */
export class OperatorAccess extends pulumi.ComponentResource {
  /** What a person names in `aws sts assume-role`. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: OperatorAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:recovery:OperatorAccess', name, {}, opts);
    const { environmentSuffix, regions } = args;
    const inDr = { parent: this, provider: regions.dr.provider };
    const roleName = physicalName('IAM role', 'operator', environmentSuffix, regions.dr.name);
    const principals: readonly pulumi.Input<string>[] =
      args.operatorPrincipals.length > 0
        ? args.operatorPrincipals
        : [pulumi.interpolate`arn:aws:iam::${args.accountId}:root`];

    const role = new iam.Role(
      `${name}-role`,
      {
        name: roleName,
        description:
          'Operates the platform: migrates the schema, starts, accepts and stops failovers, and reads how it stands',
        maxSessionDuration: LONGEST_SESSION,
        assumeRolePolicy: trustPolicy([{ Action: 'sts:AssumeRole', Principal: { AWS: principals } }]),
      },
      inDr,
    );
    new iam.RolePolicy(
      `${name}-policy`,
      {
        name: roleName,
        role: role.name,
        policy: policyDocument(operatorStatements(args)),
      },
      inDr,
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** What finding orders without a row takes; having them executed is the reconciler's. */
function reconcileStatements({ ledgers, tables }: OperatorAccessArgs): readonly PolicyStatement[] {
  const arns = [tables.primary, tables.dr].flatMap(({ orders, transactions }) => [
    ...(orders ? [orders.arn, pulumi.interpolate`${orders.arn}/index/*`] : []),
    ...(transactions ? [pulumi.interpolate`${transactions.arn}/index/*`] : []),
  ]);
  return [
    {
      Sid: 'AskLedger',
      Action: 'lambda:InvokeFunction',
      Resource: [ledgers.primary.functionArn, ledgers.dr.functionArn],
    },
    ...(arns.length > 0 ? [{ Sid: 'FindOrders', Action: 'dynamodb:Query', Resource: arns }] : []),
  ];
}

/** The logs of the functions and the queues that nobody consumes: one right for each command that docs/alarms.md names. */
function byHandStatements({ regions, accountId, readByHand }: OperatorAccessArgs): readonly PolicyStatement[] {
  const { primary, dr } = inBoth(regions, ({ name, role }) => {
    const { functions, queueNames } = readByHand[role];
    return {
      // FilterLogEvents is granted on the group, whose ARN ends in `:*` (service authorization reference of CloudWatch Logs).
      logs: functions.map(
        ({ physicalName: one }) => pulumi.interpolate`arn:aws:logs:${name}:${accountId}:log-group:/aws/lambda/${one}:*`,
      ),
      queues: queueNames.flatMap((one) =>
        one === undefined ? [] : [pulumi.interpolate`arn:aws:sqs:${name}:${accountId}:${one}`],
      ),
    };
  });
  return [
    // `aws logs tail` calls nothing else; logs are decrypted by CloudWatch's own right to the key.
    { Sid: 'ReadLogs', Action: 'logs:FilterLogEvents', Resource: [...primary.logs, ...dr.logs] },
    {
      // Read, and never deleted.
      Sid: 'ReadQueues',
      Action: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      Resource: [...primary.queues, ...dr.queues],
    },
  ];
}

function operatorStatements(args: OperatorAccessArgs): readonly PolicyStatement[] {
  const { environmentSuffix, regions, schemaMigrators, failoverOrchestrators, leaseTables, journals, keys } = args;
  return [
    {
      Sid: 'MigrateSchema',
      Action: 'lambda:InvokeFunction',
      Resource: [schemaMigrators.primary.functionArn, schemaMigrators.dr.functionArn],
    },
    {
      Sid: 'DecideAboutFailovers',
      Action: 'lambda:InvokeFunction',
      Resource: [failoverOrchestrators.primary.functionArn, failoverOrchestrators.dr.functionArn],
    },
    {
      Sid: 'ReadWhoMayWrite',
      Action: 'dynamodb:GetItem',
      Resource: [leaseTables.primary.tableArn, leaseTables.dr.tableArn, ...args.registers.tableArns],
    },
    {
      Sid: 'ReadJournals',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: [journals.primary.tableArn, journals.dr.tableArn],
    },
    {
      Sid: 'AskForLag',
      Action: 'lambda:InvokeFunction',
      Resource: [args.replicationMonitors.primary.functionArn, args.replicationMonitors.dr.functionArn],
    },
    {
      Sid: 'SeeAlarmsAndDatabase',
      Action: ['cloudwatch:DescribeAlarms', 'rds:DescribeGlobalClusters'],
      // Composite alarms are only described under "*", and RDS looks through whole lists (service authorization reference).
      Resource: '*',
    },
    {
      Sid: 'ReadReports',
      Action: 's3:GetObject',
      Resource: [args.buckets.primary, args.buckets.dr].map(
        (buckets) => pulumi.interpolate`${buckets['audit-logs'].arn}/runs/*`,
      ),
    },
    {
      // Without it S3 answers 403 for a report that is gone, and nobody can tell that from one that may not be read (X14).
      Sid: 'TellMissingReports',
      Action: 's3:ListBucket',
      Resource: [args.buckets.primary, args.buckets.dr].map((buckets) => buckets['audit-logs'].arn),
      Condition: { StringLike: { 's3:prefix': 'runs/*' } },
    },
    localItem(
      'FreezeAndSweep',
      'dynamodb:PutItem',
      [leaseTables.primary.tableArn, leaseTables.dr.tableArn],
      ['freeze', 'sweep'],
    ),
    ...reconcileStatements(args),
    { ...publishSignals(environmentSuffix), Sid: 'AnnounceMaintenance' },
    ...byHandStatements(args),
    {
      Sid: 'KeysThroughDynamoDbS3AndSqs',
      Action: 'kms:Decrypt',
      Resource: [keys.primary.keyArn, keys.dr.keyArn],
      Condition: {
        StringEquals: {
          'kms:ViaService': [regions.primary, regions.dr].flatMap(({ name }) => [
            `dynamodb.${name}.amazonaws.com`,
            `s3.${name}.amazonaws.com`,
            `sqs.${name}.amazonaws.com`,
          ]),
        },
      },
    },
  ];
}
