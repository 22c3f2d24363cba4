import { check, type Check, eachWrong, wrongWhen } from './form';
import type { Facts, Policy, QuotaName } from '../facts';

/** Aurora wants subnets in at least two zones, and the stack spreads over three (address-plan.ts). */
const ZONES = 3;

/** What would make a deployment fail half way (N16). */
export const ACCOUNT_CHECKS: readonly Check[] = [
  check({
    id: 'regions-enabled',
    looksAt: 'whether the account has enabled every region of the stack',
    severity: 'blocker',
    where: ['account'],
    why: 'An opt-in region refuses every call until the account enables it, which takes minutes to hours.',
    fix: '`aws account enable-region --region-name`, then wait for `aws account get-region-opt-status` to say ENABLED',
    reads: ['regionStatus'],
    judge({ regionStatus }, { regions }) {
      return regions
        .filter((region) => !['opt-in-not-required', 'opted-in'].includes(regionStatus[region] ?? ''))
        .map((region) => `${region} is ${regionStatus[region] ?? 'not known to this account'}`);
    },
  }),
  check({
    id: 'zones-enough',
    looksAt: 'how many availability zones each region has',
    severity: 'blocker',
    where: ['account'],
    why: `Subnets are made in ${ZONES} zones.`,
    fix: 'choose another region: primaryRegion, drRegion',
    dependsOn: ['regions-enabled'],
    reads: ['zones'],
    judge: ({ zones }) =>
      eachWrong(
        zones,
        (count) => count < ZONES,
        (region, count) => `${region} has ${count} zones of ${ZONES}`,
      ),
  }),
  check({
    id: 'engine-version-offered',
    looksAt: 'whether RDS offers auroraEngineVersion for a global database in both regions',
    severity: 'blocker',
    where: ['account'],
    why: 'The cluster in dr is created last: a version that dr does not have fails after the writer stands.',
    fix: '`aws rds describe-db-engine-versions --engine aurora-postgresql` in both regions; set auroraEngineVersion',
    dependsOn: ['regions-enabled'],
    reads: ['engineOffered'],
    judge: ({ engineOffered }) => notOffered(engineOffered, 'RDS does not offer the engine version'),
  }),
  check({
    id: 'instance-class-offered',
    looksAt: 'whether RDS offers auroraInstanceClass for that version in both regions',
    severity: 'blocker',
    where: ['account'],
    why: 'Newer classes come to one region years before another.',
    fix: '`aws rds describe-orderable-db-instance-options` in both regions; set auroraInstanceClass',
    dependsOn: ['engine-version-offered'],
    reads: ['classOffered'],
    judge: ({ classOffered }) => notOffered(classOffered, 'RDS does not offer the instance class'),
  }),
  check({
    id: 'fleet-type-offered',
    looksAt: 'in how many zones EC2 offers fleetInstanceType',
    severity: 'blocker',
    where: ['account'],
    why: 'A group whose subnets lie in a zone without the type launches fewer instances, or none.',
    fix: '`aws ec2 describe-instance-type-offerings --location-type availability-zone`; set fleetInstanceType',
    dependsOn: ['zones-enough'],
    reads: ['fleetTypeZones'],
    judge: ({ fleetTypeZones }) =>
      eachWrong(
        fleetTypeZones,
        (count) => count < ZONES,
        (region, count) => `EC2 offers the type of the fleet in ${count} zones of ${region}, of ${ZONES}`,
      ),
  }),
  check({
    id: 'ami-present',
    looksAt: 'the public parameter that names the AMI of the fleet, in both regions',
    severity: 'blocker',
    where: ['account'],
    why: 'The launch template resolves it whenever an instance starts: without it none does.',
    fix: '`aws ssm get-parameter --name /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64` in both regions',
    dependsOn: ['regions-enabled'],
    reads: ['amis'],
    judge: ({ amis }) => notOffered(amis, 'there is no AMI for the fleet'),
  }),
  check({
    id: 'hosted-zone-present',
    looksAt: 'the public hosted zone of `domain`',
    severity: 'blocker',
    where: ['account'],
    why: 'Certificates are validated and names are made in it.',
    fix: '`aws route53 create-hosted-zone`, or set domain',
    reads: ['hostedZone'],
    judge: ({ hostedZone }) => wrongWhen(hostedZone === 'absent', 'there is no public hosted zone of the domain'),
  }),
  check({
    id: 'hosted-zone-delegated',
    looksAt: 'whether the world is sent to the name servers of that zone',
    severity: 'blocker',
    where: ['account'],
    why: 'A zone that nobody is sent to validates no certificate: the deployment waits for 75 minutes and then fails.',
    fix: 'set the NS records at the registrar, or in the zone above, to those of the zone',
    dependsOn: ['hosted-zone-present'],
    reads: ['hostedZone'],
    judge({ hostedZone }) {
      if (hostedZone === 'absent') return [];
      const own = new Set(hostedZone.own.map(bareName));
      const known = hostedZone.delegated.filter((server) => own.has(bareName(server)));
      return wrongWhen(
        known.length === 0,
        `the zone’s name is delegated to ${hostedZone.delegated.join(', ') || 'nobody'}`,
      );
    },
  }),
  check({
    id: 'api-logging-role',
    looksAt: 'API Gateway’s logging role, one per account and region',
    severity: 'blocker',
    where: ['account'],
    why: 'A stage with access logs is refused while the account has no role for them.',
    fix: 'set manageApiGatewayAccount in one stack of the account, or API Gateway console, Settings',
    dependsOn: ['regions-enabled'],
    reads: ['apiLoggingRole'],
    judge: ({ apiLoggingRole }, { setsApiLoggingRole }) =>
      setsApiLoggingRole ? [] : notOffered(apiLoggingRole, 'API Gateway has no role for its logs'),
  }),
  quota('vpcs', 'VPCs per region', 'Amazon VPC, "VPCs per Region"'),
  quota('internet-gateways', 'internet gateways per region', 'Amazon VPC, "Internet gateways per Region"'),
  quota('elastic-ips', 'Elastic IPs per region', 'Amazon EC2, "EC2-VPC Elastic IPs"; or natStrategy single or none'),
  quota('iam-roles', 'IAM roles per account', 'IAM, "Roles per account"'),
  quota('s3-buckets', 'buckets per account', 'Amazon S3, "General purpose buckets"'),
  quota('health-checks', 'Route 53 health checks per account', 'Route 53, "Health checks"'),
  quota('db-clusters', 'DB clusters per region', 'Amazon RDS, "DB clusters"'),
  quota('api-domains', 'custom domain names per region', 'API Gateway, "Public custom domain names"'),
];

/** One quota (N16): what is used and what the stack adds must fit. */
function quota(name: QuotaName, looksAt: string, where: string): Check {
  return check({
    id: `quota-${name}`,
    looksAt: `${looksAt}: the quota, what is used, and what the stack adds`,
    severity: 'blocker',
    where: ['account'],
    why: 'The deployment stops half way at the first one too many.',
    fix: `Service Quotas, ${where}; or destroy stacks that nobody uses`,
    dependsOn: ['regions-enabled'],
    reads: ['quotas'],
    judge: ({ quotas }, policy) => tooMuch(name, quotas, policy),
  });
}

function tooMuch(name: QuotaName, quotas: Facts['quotas'], { demands }: Policy) {
  const seen = quotas[name];
  if (seen === undefined) return { notSaid: `the account’s quota of ${name} is not known` };
  return seen.flatMap(({ region, limit, used }) => {
    const added = demands[name]?.[region] ?? 0;
    return wrongWhen(
      used + added > limit,
      `${region}: ${used} ${name} and ${added} more are over the quota of ${limit}`,
    );
  });
}

function notOffered(regions: Readonly<Record<string, boolean>>, sentence: string): readonly string[] {
  return eachWrong(
    regions,
    (isThere) => !isThere,
    (region) => `${sentence} in ${region}`,
  );
}

function bareName(server: string): string {
  return server.toLowerCase().replace(/\.$/, '');
}
