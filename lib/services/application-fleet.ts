import * as autoscaling from '@pulumi/aws/autoscaling';
import * as ec2 from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
import { BOOT_SECONDS, bootScript } from '../../fleet/boot';
import { physicalName } from '../naming';
import type { Region } from '../regions';
import { createIdentity, createSecurity } from './fleet-access';
import type { FleetData } from './fleet-access';
import { LoadBalancer } from './load-balancer';

/** The fleet of one region. */
export interface ApplicationFleetArgs extends FleetData {
  readonly environmentSuffix: string;
  readonly region: Region;
  readonly vpcId: pulumi.Input<string>;
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  readonly s3PrefixListId: pulumi.Input<string>;
  readonly dynamodbPrefixListId: pulumi.Input<string>;
  /** Of the region's wildcard certificate, validated. */
  readonly certificateArn: pulumi.Input<string>;
  /** Instances: the floor at creation by the region's home role, and the ceiling. A run raises the floor. */
  readonly size: { readonly min: number; readonly max: number };
  /** A Graviton type: the artifact's runtime is arm64. */
  readonly instanceType: string;
  /** What instances and volumes carry; a provider's default tags do not reach what a group launches. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The port on which instances speak HTTPS. */
const SERVICE_PORT = 8443;
/** Resolved by EC2 at each launch, so a new instance has the newest patches. Present in Zurich too. */
const IMAGE = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
/** From launch to answering, in seconds; until then an instance's load does not count. */
const WARM_UP_SECONDS = 90;
/** Average CPU, in percent, that scaling aims at: twice the load for the minutes until new instances serve. */
const CPU_TARGET = 50;

/** The traders' web application in one region (C4, C5): load balancer, instances in three zones, and what they may do. */
export class ApplicationFleet extends pulumi.ComponentResource {
  /** Target of the application's alias records. */
  readonly albDnsName: pulumi.Output<string>;
  /** The hosted zone of `albDnsName`, which an alias record must name. */
  readonly albZoneId: pulumi.Output<string>;
  /** Dimension `LoadBalancer` of the load balancer's metrics. */
  readonly albArnSuffix: pulumi.Output<string>;
  /** Dimension `TargetGroup` of the instances' metrics. */
  readonly targetGroupArnSuffix: pulumi.Output<string>;
  /** What a run names to raise the floor. */
  readonly autoScalingGroupName: pulumi.Output<string>;
  readonly autoScalingGroupArn: pulumi.Output<string>;

  constructor(name: string, args: ApplicationFleetArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:services:ApplicationFleet', name, {}, opts);
    const { environmentSuffix, region, vpcId, publicSubnetIds, certificateArn } = args;

    const loadBalancer = new LoadBalancer(
      `${name}-load-balancer`,
      {
        environmentSuffix,
        vpcId,
        publicSubnetIds,
        certificateArn,
        targetPort: SERVICE_PORT,
        // The process alone: a store that answers nobody for half a minute must not have every instance replaced.
        healthCheckPath: '/health/live',
      },
      { parent: this },
    );
    const security = createSecurity(this, name, {
      ...args,
      loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
      port: SERVICE_PORT,
    });
    const identity = createIdentity(this, name, environmentSuffix, region, args);
    const template = createLaunchTemplate(this, name, args, security.securityGroupId, identity.instanceProfileArn);
    const ready = [loadBalancer, identity.policy, ...security.rules];
    const group = createGroup(this, name, args, template, loadBalancer.targetGroupArn, ready);
    createScaling(this, name, environmentSuffix, group);

    this.albDnsName = loadBalancer.dnsName;
    this.albZoneId = loadBalancer.zoneId;
    this.albArnSuffix = loadBalancer.arnSuffix;
    this.targetGroupArnSuffix = loadBalancer.targetGroupArnSuffix;
    this.autoScalingGroupName = group.name;
    this.autoScalingGroupArn = group.arn;
    this.registerOutputs({ albDnsName: this.albDnsName, autoScalingGroupName: this.autoScalingGroupName });
  }
}

function createLaunchTemplate(
  parent: pulumi.Resource,
  name: string,
  args: ApplicationFleetArgs,
  securityGroupId: pulumi.Input<string>,
  instanceProfileArn: pulumi.Input<string>,
): ec2.LaunchTemplate {
  const { environmentSuffix, instanceType, keyArn } = args;
  const tags = { ...args.tags, Name: physicalName('tag', 'application-fleet', environmentSuffix) };
  return new ec2.LaunchTemplate(
    `${name}-template`,
    {
      name: physicalName('EC2 launch template', 'application-fleet', environmentSuffix),
      imageId: IMAGE,
      instanceType,
      iamInstanceProfile: { arn: instanceProfileArn },
      vpcSecurityGroupIds: [securityGroupId],
      // The service runs on the instance itself, so a token never has to travel further than one hop.
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      // Metrics every minute: scaling would otherwise see a five-minute average.
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeType: 'gp3', volumeSize: 8, encrypted: 'true', kmsKeyId: keyArn, deleteOnTermination: 'true' },
        },
      ],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags })),
      userData: userData(args),
      updateDefaultVersion: true,
    },
    { parent },
  );
}

function userData(args: ApplicationFleetArgs): pulumi.Output<string> {
  return pulumi
    .output({
      region: args.region.name,
      artifactsBucket: args.artifactsBucket.name,
      service: args.artifacts.service,
      runtime: args.artifacts.runtime,
      environment: {
        AWS_REGION: args.region.name,
        ENVIRONMENT_SUFFIX: args.environmentSuffix,
        PORT: String(SERVICE_PORT),
        SESSIONS_TABLE: args.sessionsTable.name,
        ORDERS_TABLE: args.ordersTable.name,
        STATIC_CONTENT_BUCKET: args.staticContentBucket.name,
      },
    })
    .apply((boot) => Buffer.from(bootScript(boot)).toString('base64'));
}

function createGroup(
  parent: pulumi.Resource,
  name: string,
  args: ApplicationFleetArgs,
  template: ec2.LaunchTemplate,
  targetGroupArn: pulumi.Input<string>,
  ready: pulumi.Resource[],
): autoscaling.Group {
  const { environmentSuffix, size } = args;
  return new autoscaling.Group(
    `${name}-group`,
    {
      name: physicalName('Auto Scaling group', 'application-fleet', environmentSuffix),
      minSize: size.min,
      desiredCapacity: size.min,
      maxSize: size.max,
      vpcZoneIdentifiers: [...args.privateSubnetIds],
      targetGroupArns: [targetGroupArn],
      // A number, not $Latest: a new version must be a change of this resource, or nothing would be refreshed.
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      healthCheckType: 'ELB',
      healthCheckGracePeriod: BOOT_SECONDS,
      defaultInstanceWarmup: WARM_UP_SECONDS,
      instanceRefresh: {
        strategy: 'Rolling',
        // A new instance first, then an old one goes: dr's only instance must never be missing. No automatic rollback: EC2
        // Auto Scaling has none for an image that a parameter names (API reference, RefreshPreferences).
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 200, instanceWarmup: String(WARM_UP_SECONDS) },
      },
      // Instances that do not start fail the deployment with what EC2 said, instead of leaving a fleet of none. Longer than the
      // 15 minutes in which a new bucket may not find the artifact (fleet/boot.ts), and a boot.
      waitForCapacityTimeout: '25m',
      // A destroy does not wait for scaling or protected instances.
      forceDelete: true,
      tags: Object.entries(args.tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    },
    // A run raises the floor, and scaling moves the rest: `up` must undo neither (X5).
    { parent, dependsOn: ready, ignoreChanges: ['minSize', 'desiredCapacity'] },
  );
}

/** Follows load within minutes and without a person (F4); a run's higher floor does not wait for it. */
function createScaling(
  parent: pulumi.Resource,
  name: string,
  environmentSuffix: string,
  group: autoscaling.Group,
): void {
  new autoscaling.Policy(
    `${name}-scaling`,
    {
      name: physicalName('Auto Scaling group', 'application-fleet-cpu', environmentSuffix),
      autoscalingGroupName: group.name,
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'ASGAverageCPUUtilization' },
        targetValue: CPU_TARGET,
      },
    },
    { parent },
  );
}
