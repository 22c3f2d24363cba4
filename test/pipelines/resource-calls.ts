import { text, type GraphResource } from '../../analysis/graph/graph';
import { ACCOUNT } from './policies';

/** What Pulumi's provider calls to make and to destroy one resource, and on what; `id` is what AWS would have given it. */
type Calls = (resource: GraphResource, region: string) => { readonly on: string; readonly calls: readonly string[] };

const named =
  (service: string, form: (name: string, region: string) => string, key: string, ...calls: readonly string[]): Calls =>
  ({ inputs }, region) => ({ on: form(text(inputs, key), region), calls: calls.map((call) => `${service}:${call}`) });

const inRegion =
  (service: string, prefix: string) =>
  (name: string, region: string): string =>
    `arn:aws:${service}:${region}:${ACCOUNT}:${prefix}${name}`;

const inIam =
  (prefix: string) =>
  (name: string): string =>
    `arn:aws:iam::${ACCOUNT}:${prefix}/${name}`;
const bucket = (...calls: readonly string[]): Calls =>
  named('s3', (name) => `arn:aws:s3:::${name}`, 'bucket', ...calls);
const ec2 =
  (kind: string, ...calls: readonly string[]): Calls =>
  (_, region) => ({ on: `arn:aws:ec2:${region}:${ACCOUNT}:${kind}/id`, calls: calls.map((call) => `ec2:${call}`) });
const api =
  (rest: string): Calls =>
  (_, region) => ({
    on: `arn:aws:apigateway:${region}::/${rest}`,
    calls: ['apigateway:POST', 'apigateway:PATCH', 'apigateway:DELETE'],
  });

/** By type. Not here: PARTS of resource-asks.ts. */
export const CALLS: Readonly<Record<string, Calls>> = {
  'aws:acm/certificate:Certificate': (_, region) => ({
    on: `arn:aws:acm:${region}:${ACCOUNT}:certificate/id`,
    calls: ['acm:RequestCertificate', 'acm:DescribeCertificate', 'acm:DeleteCertificate'],
  }),
  'aws:apigateway/basePathMapping:BasePathMapping': api('domainnames/api.pr-12.trading.example.com/basepathmappings/x'),
  'aws:apigateway/deployment:Deployment': api('restapis/id/deployments/x'),
  'aws:apigateway/domainName:DomainName': ({ inputs }, region) => ({
    on: `arn:aws:apigateway:${region}::/domainnames/${text(inputs, 'domainName')}`,
    calls: ['apigateway:PATCH', 'apigateway:DELETE'],
  }),
  'aws:apigateway/integration:Integration': api('restapis/id/resources/x/methods/POST/integration'),
  'aws:apigateway/method:Method': api('restapis/id/resources/x/methods/POST'),
  'aws:apigateway/resource:Resource': api('restapis/id/resources/x'),
  'aws:apigateway/restApi:RestApi': api('restapis'),
  'aws:apigateway/stage:Stage': api('restapis/id/stages/live'),
  'aws:autoscaling/group:Group': named(
    'autoscaling',
    inRegion('autoscaling', 'autoScalingGroup:id:autoScalingGroupName/'),
    'name',
    'CreateAutoScalingGroup',
    'DeleteAutoScalingGroup',
  ),
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': named(
    'cloudwatch',
    inRegion('cloudwatch', 'alarm:'),
    'alarmName',
    'PutCompositeAlarm',
    'DeleteAlarms',
  ),
  'aws:cloudwatch/dashboard:Dashboard': named(
    'cloudwatch',
    (name) => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`,
    'dashboardName',
    'PutDashboard',
    'DeleteDashboards',
  ),
  'aws:cloudwatch/eventRule:EventRule': named(
    'events',
    inRegion('events', 'rule/'),
    'name',
    'PutRule',
    'PutTargets',
    'RemoveTargets',
    'DeleteRule',
  ),
  'aws:cloudwatch/logGroup:LogGroup': named(
    'logs',
    inRegion('logs', 'log-group:'),
    'name',
    'CreateLogGroup',
    'PutRetentionPolicy',
    'DeleteLogGroup',
  ),
  'aws:cloudwatch/metricAlarm:MetricAlarm': named(
    'cloudwatch',
    inRegion('cloudwatch', 'alarm:'),
    'name',
    'PutMetricAlarm',
    'DeleteAlarms',
  ),
  'aws:dynamodb/table:Table': named(
    'dynamodb',
    inRegion('dynamodb', 'table/'),
    'name',
    'CreateTable',
    'UpdateTable',
    'DeleteTable',
  ),
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': ec2(
    'security-group',
    'RevokeSecurityGroupIngress',
    'CreateTags',
  ),
  'aws:ec2/flowLog:FlowLog': ec2('vpc-flow-log', 'CreateFlowLogs', 'DeleteFlowLogs'),
  'aws:ec2/internetGateway:InternetGateway': ec2(
    'internet-gateway',
    'CreateInternetGateway',
    'AttachInternetGateway',
    'DetachInternetGateway',
    'DeleteInternetGateway',
  ),
  'aws:ec2/launchTemplate:LaunchTemplate': ec2(
    'launch-template',
    'CreateLaunchTemplate',
    'CreateLaunchTemplateVersion',
    'ModifyLaunchTemplate',
    'DeleteLaunchTemplate',
  ),
  'aws:ec2/route:Route': ec2('route-table', 'CreateRoute', 'DeleteRoute'),
  'aws:ec2/routeTable:RouteTable': ec2('route-table', 'CreateRouteTable', 'DeleteRouteTable'),
  'aws:ec2/routeTableAssociation:RouteTableAssociation': ec2(
    'route-table',
    'AssociateRouteTable',
    'DisassociateRouteTable',
  ),
  'aws:ec2/securityGroup:SecurityGroup': ec2('security-group', 'CreateSecurityGroup', 'DeleteSecurityGroup'),
  'aws:ec2/subnet:Subnet': ec2('subnet', 'CreateSubnet', 'ModifySubnetAttribute', 'DeleteSubnet'),
  'aws:ec2/vpc:Vpc': ec2('vpc', 'CreateVpc', 'ModifyVpcAttribute', 'DeleteVpc'),
  'aws:ec2/vpcEndpoint:VpcEndpoint': ec2(
    'vpc-endpoint',
    'CreateVpcEndpoint',
    'ModifyVpcEndpoint',
    'DeleteVpcEndpoints',
  ),
  'aws:ec2/vpcPeeringConnection:VpcPeeringConnection': ec2(
    'vpc-peering-connection',
    'CreateVpcPeeringConnection',
    'ModifyVpcPeeringConnectionOptions',
    'DeleteVpcPeeringConnection',
  ),
  'aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter': ec2(
    'vpc-peering-connection',
    'AcceptVpcPeeringConnection',
  ),
  'aws:iam/instanceProfile:InstanceProfile': named(
    'iam',
    inIam('instance-profile'),
    'name',
    'CreateInstanceProfile',
    'AddRoleToInstanceProfile',
    'RemoveRoleFromInstanceProfile',
    'DeleteInstanceProfile',
  ),
  'aws:iam/role:Role': named(
    'iam',
    inIam('role'),
    'name',
    'CreateRole',
    'PutRolePolicy',
    'DeleteRolePolicy',
    'DeleteRole',
  ),
  'aws:kms/alias:Alias': named('kms', inRegion('kms', ''), 'name', 'CreateAlias', 'DeleteAlias'),
  'aws:kms/key:Key': (_, region) => ({
    on: `arn:aws:kms:${region}:${ACCOUNT}:key/id`,
    calls: ['kms:CreateKey', 'kms:PutKeyPolicy', 'kms:EnableKeyRotation', 'kms:CreateAlias', 'kms:ScheduleKeyDeletion'],
  }),
  'aws:lambda/function:Function': named(
    'lambda',
    inRegion('lambda', 'function:'),
    'name',
    'CreateFunction',
    'AddPermission',
    'PutFunctionEventInvokeConfig',
    'InvokeFunction',
    'DeleteFunction',
  ),
  'aws:lb/listener:Listener': (_, region) => ({
    on: `arn:aws:elasticloadbalancing:${region}:${ACCOUNT}:listener/app/application-pr-12/id/id`,
    calls: ['elasticloadbalancing:CreateListener', 'elasticloadbalancing:DeleteListener'],
  }),
  'aws:lb/loadBalancer:LoadBalancer': named(
    'elasticloadbalancing',
    (name, region) => `${inRegion('elasticloadbalancing', 'loadbalancer/app/')(name, region)}/id`,
    'name',
    'CreateLoadBalancer',
    'DeleteLoadBalancer',
  ),
  'aws:lb/targetGroup:TargetGroup': named(
    'elasticloadbalancing',
    (name, region) => `${inRegion('elasticloadbalancing', 'targetgroup/')(name, region)}/id`,
    'name',
    'CreateTargetGroup',
    'DeleteTargetGroup',
  ),
  'aws:rds/cluster:Cluster': named(
    'rds',
    inRegion('rds', 'cluster:'),
    'clusterIdentifier',
    'CreateDBCluster',
    'ModifyDBCluster',
    'FailoverGlobalCluster',
    'DeleteDBCluster',
  ),
  'aws:rds/clusterInstance:ClusterInstance': named(
    'rds',
    inRegion('rds', 'db:'),
    'identifier',
    'CreateDBInstance',
    'DeleteDBInstance',
  ),
  'aws:rds/clusterParameterGroup:ClusterParameterGroup': named(
    'rds',
    inRegion('rds', 'cluster-pg:'),
    'name',
    'CreateDBClusterParameterGroup',
    'DeleteDBClusterParameterGroup',
  ),
  'aws:rds/globalCluster:GlobalCluster': named(
    'rds',
    (name) => `arn:aws:rds::${ACCOUNT}:global-cluster:${name}`,
    'globalClusterIdentifier',
    'CreateGlobalCluster',
    'RemoveFromGlobalCluster',
    'DeleteGlobalCluster',
  ),
  'aws:rds/subnetGroup:SubnetGroup': named(
    'rds',
    inRegion('rds', 'subgrp:'),
    'name',
    'CreateDBSubnetGroup',
    'DeleteDBSubnetGroup',
  ),
  'aws:route53/healthCheck:HealthCheck': () => ({
    on: 'arn:aws:route53:::healthcheck/id',
    calls: ['route53:CreateHealthCheck', 'route53:ChangeTagsForResource', 'route53:DeleteHealthCheck'],
  }),
  'aws:route53/record:Record': () => ({
    on: 'arn:aws:route53:::hostedzone/Z0',
    calls: ['route53:ChangeResourceRecordSets'],
  }),
  'aws:s3/bucket:Bucket': bucket(
    'CreateBucket',
    'PutBucketPolicy',
    'PutReplicationConfiguration',
    'PutEncryptionConfiguration',
    'ListBucketVersions',
    'DeleteBucket',
  ),
  'aws:sns/topic:Topic': named('sns', inRegion('sns', ''), 'name', 'CreateTopic', 'Subscribe', 'DeleteTopic'),
  'aws:sqs/queue:Queue': named('sqs', inRegion('sqs', ''), 'name', 'CreateQueue', 'SetQueueAttributes', 'DeleteQueue'),
  'aws:ssm/parameter:Parameter': named('ssm', inRegion('ssm', 'parameter'), 'name', 'PutParameter', 'DeleteParameter'),
  'aws:synthetics/canary:Canary': named(
    'synthetics',
    inRegion('synthetics', 'canary:'),
    'name',
    'CreateCanary',
    'StartCanary',
    'StopCanary',
    'DeleteCanary',
  ),
};
