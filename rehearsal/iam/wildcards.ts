import type { Grant } from './grants';

/** Actions that only `*` can be granted for, with the page that says so. */
const ONLY_ON_EVERYTHING: Readonly<Record<string, string>> = {
  'autoscaling:DescribeAutoScalingGroups': 'service authorization reference of EC2 Auto Scaling: no resource type',
  'cloudwatch:DescribeAlarms': 'CloudWatch API reference, DescribeAlarms: composite alarms only when scoped to *',
  'cloudwatch:PutMetricData': 'service authorization reference of CloudWatch: no resource type',
  'ec2:DescribeNetworkInterfaces': 'service authorization reference of EC2: no resource type',
  'ec2:DescribeSubnets': 'service authorization reference of EC2: no resource type',
  'lambda:GetAccountSettings': 'service authorization reference of Lambda: no resource type',
  's3:ListAllMyBuckets': 'service authorization reference of S3: no resource type',
  'xray:PutTelemetryRecords': 'service authorization reference of X-Ray: no resource type',
  'xray:PutTraceSegments': 'service authorization reference of X-Ray: no resource type',
  ...Object.fromEntries(
    [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:UnassignPrivateIpAddresses',
    ].map((action) => [action, 'Lambda developer guide, VPC permissions: the interfaces do not exist yet']),
  ),
};

/** A grant on everything whose action could name a resource. */
export interface WildcardFinding {
  readonly holder: string;
  readonly sid: string;
  readonly action: string;
  readonly blame: string;
}

/** Used grants of roles on `*` where the action supports resources. A resource's own policy says `*` and means itself. */
export function wildcardFindings(grants: readonly Grant[], used: ReadonlySet<string>): readonly WildcardFinding[] {
  return grants
    .filter(
      ({ id, action, resource, blame }) =>
        resource === '*' &&
        blame.startsWith('aws:iam/rolePolicy:') &&
        used.has(id) &&
        ONLY_ON_EVERYTHING[action] === undefined,
    )
    .map(({ holder, sid, action, blame }) => ({ holder, sid, action, blame }));
}
