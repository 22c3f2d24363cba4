import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as iam from '@pulumi/aws/iam';
import * as synthetics from '@pulumi/aws/synthetics';
import * as pulumi from '@pulumi/pulumi';
import { CANARY_PREFIX } from '../data/replicated-buckets';
import { physicalName } from '../naming';
import { assumableBy, policyDocument } from '../policy';
import type { PolicyStatement } from '../policy';
import { otherRole } from '../regions';
import type { Region, RegionRole } from '../regions';
import type { DnsNames } from '../routing/dns-names';
import { keyThrough } from '../services/function-policy';
import type { NamedResource } from '../services/named-resource';

/** What a canary looks at: its own region and the failover name, or the other region. */
export type CanaryView = 'own' | 'peer';

/** The canaries of one region. */
export interface CanariesArgs {
  readonly environmentSuffix: string;
  readonly region: Region;
  readonly accountId: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  readonly canaryIntervalMinutes: number;
  readonly logRetentionDays: number;
  /** From the build (lib/bundles.ts, canaryArchive). */
  readonly archive: string;
  /** Keeps what every run found, below canary/. */
  readonly auditLogsBucket: NamedResource;
  readonly endpoints: Readonly<Record<CanaryView, readonly string[]>>;
}

/** The newest runtime with X-Ray in every region, Zurich included (CloudWatch guide, "Runtime versions"); Node.js 22. */
const RUNTIME = 'syn-nodejs-puppeteer-15.0';
/** Less than the shortest interval, so that runs never overlap; the script gives each endpoint 10 s, all at once. */
const TIMEOUT_SECONDS = 50;
/** The least that Synthetics takes. */
const MEMORY_MEGABYTES = 960;
/** The longest that Synthetics keeps the results of runs. */
const MOST_RETENTION_DAYS = 455;
/** Synthetics cuts the name at this length in the name of the function that it makes, and so in that of its log group. */
const FUNCTION_NAME_PART = 21;

/** What the canaries of a region ask, by name; without the trading workload there is no application. */
export function canaryEndpoints(
  names: DnsNames,
  role: RegionRole,
  trading: boolean,
): Readonly<Record<CanaryView, readonly string[]>> {
  const [own, other] = [names.regional[role], names.regional[otherRole(role)]];
  return {
    own: [`https://${names.api}/health`, `https://${own.api}/health`],
    peer: [`https://${other.api}/health`, ...(trading ? [`https://${other.app}/health/live`] : [])],
  };
}

/**
 * Two canaries per region (M8). `own` sees what clients of this region see, `peer` sees the other region from outside, as the
 * alarms of this region need it: an alarm cannot watch a metric of another region.
 */
export class Canaries extends pulumi.ComponentResource {
  /** Dimension `CanaryName` of their metrics. */
  readonly names: Readonly<Record<CanaryView, pulumi.Output<string>>>;

  constructor(name: string, args: CanariesArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:detection:Canaries', name, {}, opts);
    this.names = {
      own: createCanary(this, `${name}-own`, 'own', args).name,
      peer: createCanary(this, `${name}-peer`, 'peer', args).name,
    };
    this.registerOutputs({ names: this.names });
  }
}

function createCanary(parent: pulumi.Resource, name: string, view: CanaryView, args: CanariesArgs): synthetics.Canary {
  const canaryName = physicalName('Synthetics canary', `canary-${view}`, args.environmentSuffix);
  const { role, policy } = createRole(parent, name, canaryName, view, args);
  const retention = Math.min(args.logRetentionDays, MOST_RETENTION_DAYS);
  const canary = new synthetics.Canary(
    name,
    {
      name: canaryName,
      runtimeVersion: RUNTIME,
      handler: 'index.handler',
      // Relative, so that no machine's path reaches the state.
      zipFile: args.archive,
      executionRoleArn: role.arn,
      artifactS3Location: pulumi.interpolate`s3://${args.auditLogsBucket.name}/${CANARY_PREFIX}/${canaryName}`,
      artifactConfig: { s3Encryption: { encryptionMode: 'SSE_KMS', kmsKeyArn: args.keyArn } },
      schedule: { expression: rate(args.canaryIntervalMinutes) },
      runConfig: {
        timeoutInSeconds: TIMEOUT_SECONDS,
        memoryInMb: MEMORY_MEGABYTES,
        activeTracing: true,
        environmentVariables: { CANARY_URLS: JSON.stringify(args.endpoints[view]) },
      },
      successRetentionPeriod: retention,
      failureRetentionPeriod: retention,
      startCanary: true,
      // Without it a destroy leaves the function that Synthetics made, and its layers.
      deleteLambda: true,
    },
    // Its first run would otherwise have no permissions, and Synthetics tries the role when it creates the canary.
    { parent, dependsOn: [policy] },
  );
  createLog(parent, name, canary, args);
  return canary;
}

/**
 * The log of the function that Synthetics makes, which carries an identifier that only Synthetics knows: ours all the same, with
 * key, retention and an end (C6, D8, N8), because the canary's role may make none. A run before it stands is not logged here, and
 * works (the artifacts have its log); nor can a run during a destroy bring the group back.
 */
function createLog(parent: pulumi.Resource, name: string, canary: synthetics.Canary, args: CanariesArgs): void {
  new cloudwatch.LogGroup(
    `${name}-log`,
    {
      name: pulumi
        .all([canary.engineArn, canary.name])
        .apply(([arn, canaryName]) => `/aws/lambda/${functionIn(arn, canaryName)}`),
      retentionInDays: args.logRetentionDays,
      kmsKeyId: args.keyArn,
    },
    { parent },
  );
}

/**
 * The name in a function's ARN, which may end in a version: an update of the canary is another version of the same function. One
 * that nobody has told (an emulator without Synthetics) is named after the canary, as Synthetics begins its name.
 */
function functionIn(arn: string | undefined, canaryName: string): string {
  return /:function:([^:]+)/.exec(arn ?? '')?.[1] ?? `cwsyn-${canaryName}`;
}

/** `rate(1 minute)` but `rate(2 minutes)`: Synthetics takes no other spelling. */
function rate(minutes: number): string {
  return `rate(${minutes} minute${minutes === 1 ? '' : 's'})`;
}

function createRole(
  parent: pulumi.Resource,
  name: string,
  canaryName: string,
  view: CanaryView,
  args: CanariesArgs,
): { readonly role: iam.Role; readonly policy: iam.RolePolicy } {
  // Roles are global, so the region is part of their name.
  const roleName = physicalName('IAM role', `canary-${view}`, args.environmentSuffix, args.region.name);
  const role = new iam.Role(
    `${name}-role`,
    {
      name: roleName,
      description: `Runs the canary ${view} of ${args.region.name}`,
      // Canaries are functions.
      assumeRolePolicy: assumableBy('lambda.amazonaws.com'),
    },
    { parent },
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    { name: roleName, role: role.name, policy: policyDocument(statements(canaryName, args)) },
    { parent },
  );
  return { role, policy };
}

/** What AWS lists for a canary with encrypted artifacts and tracing (CloudWatch guide, required roles), but for the log group. */
function statements(canaryName: string, args: CanariesArgs): readonly PolicyStatement[] {
  const { accountId, region, auditLogsBucket, keyArn } = args;
  const functionPart = canaryName.slice(0, FUNCTION_NAME_PART);
  return [
    {
      Sid: 'WriteArtifacts',
      Action: 's3:PutObject',
      Resource: pulumi.interpolate`${auditLogsBucket.arn}/${CANARY_PREFIX}/${canaryName}/*`,
    },
    keyThrough('s3', region.name, keyArn, ['kms:GenerateDataKey', 'kms:Decrypt']),
    { Sid: 'FindBucket', Action: 's3:GetBucketLocation', Resource: auditLogsBucket.arn },
    {
      Sid: 'WriteOwnLog',
      // No CreateLogGroup: Lambda would make the group before we can, without key and end.
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: pulumi.interpolate`arn:aws:logs:${region.name}:${accountId}:log-group:/aws/lambda/cwsyn-${functionPart}-*`,
    },
    {
      Sid: 'ListBucketsAndSendTraces',
      Action: ['s3:ListAllMyBuckets', 'xray:PutTraceSegments'],
      // Neither has a resource to name.
      Resource: '*',
    },
    {
      Sid: 'PublishResults',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' } },
    },
  ];
}
