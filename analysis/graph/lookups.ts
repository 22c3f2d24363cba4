import { ACCOUNT_ID, nameServers } from './computed';
import type { Values } from './graph';

const text = (args: Values, key: string): string => {
  const value = args[key];
  return typeof value === 'string' ? value : '';
};

/** What each look-up of the program answers in an evaluation: an account in which everything that must exist does. */
const ANSWERS: Readonly<Record<string, (args: Values, region: string) => Values>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': () => ({
    accountId: ACCOUNT_ID,
    arn: `arn:aws:iam::${ACCOUNT_ID}:user/evaluation`,
    id: ACCOUNT_ID,
    userId: 'AIDAEVALUATION',
  }),
  'aws:index/getPartition:getPartition': () => ({ partition: 'aws', dnsSuffix: 'amazonaws.com', id: 'aws' }),
  'aws:index/getRegion:getRegion': (_, region) => ({ region, name: region, id: region }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': (_, region) => ({
    id: region,
    names: ['a', 'b', 'c'].map((letter) => `${region}${letter}`),
    zoneIds: ['1', '2', '3'].map((n) => `${region}-az${n}`),
    groupNames: [region],
  }),
  'aws:route53/getZone:getZone': (args) => {
    const name = text(args, 'name');
    return {
      id: 'ZEXISTING',
      zoneId: 'ZEXISTING',
      name,
      arn: 'arn:aws:route53:::hostedzone/ZEXISTING',
      nameServers: nameServers(name),
    };
  },
  'aws:secretsmanager/getSecret:getSecret': (args, region) => {
    const name = text(args, 'name');
    const arn = `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${name}-AbCdEf`;
    return { id: arn, arn, name };
  },
  'aws:secretsmanager/getSecretVersion:getSecretVersion': (args, region) => ({
    id: text(args, 'secretId'),
    arn: `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${text(args, 'secretId')}-AbCdEf`,
    secretId: text(args, 'secretId'),
    secretString: JSON.stringify({ username: 'evaluation', password: 'evaluation-password' }),
    versionId: 'AWSCURRENT',
  }),
  'aws:rds/getGlobalCluster:getGlobalCluster': (args, region) => ({
    id: text(args, 'identifier'),
    identifier: text(args, 'identifier'),
    members: ['writer', 'follower'].map((member) => ({
      dbClusterArn: `arn:aws:rds:${region}:${ACCOUNT_ID}:cluster:${member}`,
      isWriter: member === 'writer',
    })),
  }),
  'aws:ec2/getManagedPrefixList:getManagedPrefixList': (args, region) => ({
    id: `pl-${region}`,
    name: text(args, 'name'),
  }),
  'aws:ec2/getPrefixList:getPrefixList': (args, region) => ({ id: `pl-${region}`, name: text(args, 'name') }),
};

/** @throws Error for a look-up that nobody has thought about: a made-up answer would hide a mistake. */
export function answer(token: string, args: Values, region: string | undefined): Values {
  const make = ANSWERS[token];
  if (!make) throw new Error(`the evaluation has no answer for the look-up ${token} (analysis/graph/lookups.ts)`);
  if (region === undefined) throw new Error(`the look-up ${token} names no provider`);
  return make(args, region);
}
