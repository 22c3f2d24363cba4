import * as ec2 from '@pulumi/aws/ec2';
import * as lb from '@pulumi/aws/lb';
import * as vpc from '@pulumi/aws/vpc';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';

/** Where the load balancer stands and what it sends requests to. */
export interface LoadBalancerArgs {
  readonly environmentSuffix: string;
  readonly vpcId: pulumi.Input<string>;
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  /** The region's wildcard certificate, validated. */
  readonly certificateArn: pulumi.Input<string>;
  /** The port on which targets speak HTTPS. */
  readonly targetPort: number;
  readonly healthCheckPath: string;
}

const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const ANYWHERE = '0.0.0.0/0';

/** How long a connection to a client may be silent, in seconds; the service keeps its side open longer. */
const IDLE_SECONDS = 30;
/** How long a client may keep one connection, in seconds: the default, an hour, would pin clients to a region that was left. */
const CLIENT_KEEP_ALIVE_SECONDS = 60;
/** How long a target that leaves may finish its requests, in seconds; the service drains for 25 s. */
const DEREGISTRATION_SECONDS = 30;

/** The fleet's public entrance in one region: HTTPS only, in the public subnets (C4, W1). */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Target of the application's alias records. */
  readonly dnsName: pulumi.Output<string>;
  /** The hosted zone of `dnsName`, which an alias record must name. */
  readonly zoneId: pulumi.Output<string>;
  /** Dimension `LoadBalancer` of its metrics. */
  readonly arnSuffix: pulumi.Output<string>;
  readonly targetGroupArn: pulumi.Output<string>;
  /** Dimension `TargetGroup` of the targets' metrics. */
  readonly targetGroupArnSuffix: pulumi.Output<string>;
  /** What targets let in, and whose own way out is a rule towards them. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:LoadBalancer', name, {}, opts);
    const group = createSecurityGroup(this, name, args);
    const balancer = new lb.LoadBalancer(
      `${name}-balancer`,
      {
        name: physicalName('load balancer', 'application', args.environmentSuffix),
        loadBalancerType: 'application',
        internal: false,
        ipAddressType: 'ipv4',
        subnets: [...args.publicSubnetIds],
        securityGroups: [group.id],
        idleTimeout: IDLE_SECONDS,
        clientKeepAlive: CLIENT_KEEP_ALIVE_SECONDS,
        dropInvalidHeaderFields: true,
        enableDeletionProtection: false,
      },
      { parent: this },
    );
    const targets = createTargetGroup(this, name, args);
    createListeners(this, name, args, balancer, targets);

    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.arnSuffix = balancer.arnSuffix;
    this.targetGroupArn = targets.arn;
    this.targetGroupArnSuffix = targets.arnSuffix;
    this.securityGroupId = group.id;
    this.registerOutputs({ dnsName: this.dnsName });
  }
}

/** The only two ports of the platform that the internet reaches on a machine of ours. */
function createSecurityGroup(parent: pulumi.Resource, name: string, args: LoadBalancerArgs): ec2.SecurityGroup {
  const resource = 'load-balancer';
  const group = new ec2.SecurityGroup(
    `${name}-group`,
    {
      name: physicalName('security group', resource, args.environmentSuffix),
      description: 'The public load balancer of the trading application.',
      vpcId: args.vpcId,
      tags: { Name: physicalName('tag', resource, args.environmentSuffix) },
    },
    { parent },
  );
  for (const [protocol, port, description] of [
    ['https', HTTPS_PORT, 'Traders, and Route 53 health checkers.'],
    ['http', HTTP_PORT, 'Redirected to HTTPS.'],
  ] as const) {
    new vpc.SecurityGroupIngressRule(
      `${name}-${protocol}-from-anywhere`,
      { securityGroupId: group.id, cidrIpv4: ANYWHERE, ipProtocol: 'tcp', fromPort: port, toPort: port, description },
      { parent },
    );
  }
  return group;
}

function createTargetGroup(parent: pulumi.Resource, name: string, args: LoadBalancerArgs): lb.TargetGroup {
  return new lb.TargetGroup(
    `${name}-targets`,
    {
      name: physicalName('load balancer target group', 'application', args.environmentSuffix),
      vpcId: args.vpcId,
      targetType: 'instance',
      protocol: 'HTTPS',
      port: args.targetPort,
      deregistrationDelay: DEREGISTRATION_SECONDS,
      healthCheck: {
        protocol: 'HTTPS',
        port: 'traffic-port',
        path: args.healthCheckPath,
        matcher: '200',
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
    },
    { parent },
  );
}

function createListeners(
  parent: pulumi.Resource,
  name: string,
  args: LoadBalancerArgs,
  balancer: lb.LoadBalancer,
  targets: lb.TargetGroup,
): void {
  new lb.Listener(
    `${name}-https`,
    {
      loadBalancerArn: balancer.arn,
      protocol: 'HTTPS',
      port: HTTPS_PORT,
      certificateArn: args.certificateArn,
      // TLS 1.2 and 1.3: Route 53's checkers cannot speak to a listener that takes 1.3 only.
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
    },
    { parent },
  );
  new lb.Listener(
    `${name}-http`,
    {
      loadBalancerArn: balancer.arn,
      protocol: 'HTTP',
      port: HTTP_PORT,
      defaultActions: [
        { type: 'redirect', redirect: { protocol: 'HTTPS', port: String(HTTPS_PORT), statusCode: 'HTTP_301' } },
      ],
    },
    { parent },
  );
}
