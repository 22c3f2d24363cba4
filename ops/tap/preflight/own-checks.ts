import { GetBucketLocationCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Fact, Verdict } from '../../../analysis/readiness/readiness';
import { readCredentials } from '../../../lib/foundation/database-credentials';
import type { Ask } from './ask';
import type { PreflightClients } from './clients';
import type { Finding } from './finding';
import { bucketNames } from './quotas';
import type { Subject } from './subject';

// What only a deployment asks, and no region that takes over: beside the list of readiness, in its form.

/**
 * Whether each region's secret holds what the program reads, by the program's own rule; behind `secret-present` where there is
 * none. A value is never kept, let alone printed.
 */
export async function secretFindings(
  ask: Ask,
  clients: PreflightClients,
  { regions, secretName }: Subject,
  isAbsent: (region: string) => boolean,
): Promise<readonly Finding[]> {
  return Promise.all(
    regions.map(async (region): Promise<Finding> => {
      const about = {
        id: 'secret-usable',
        region,
        looksAt: 'whether the database secret is JSON text with a username and a password that RDS takes',
        severity: 'blocker',
        why: 'The program reads both before the first resource, and every handler does when it opens a connection.',
        fix: `aws secretsmanager put-secret-value --region ${regions[0]} --secret-id ${secretName} --secret-string '{"username":"...","password":"..."}'`,
      } as const;
      if (isAbsent(region)) return { ...about, verdict: behind('secret-present') };
      const found = await ask({
        region,
        right: 'secretsmanager:GetSecretValue, and kms:Decrypt with its key',
        ask: async () => {
          const { SecretString } = await clients
            .secrets(region)
            .send(new GetSecretValueCommand({ SecretId: secretName }));
          const reading = readCredentials(SecretString);
          return reading.ok ? [] : reading.problems;
        },
      });
      return { ...about, verdict: verdictOf(found) };
    }),
  );
}

/**
 * Whether each bucket's name is free, or the account's own: bucket names are unique among all accounts of the world.
 *
 * GetBucketLocation answers 404 where there is no such bucket, and 403 for somebody else's, but also where the right is missing: what is
 * refused is therefore not known.
 */
export async function bucketFinding(
  ask: Ask,
  clients: PreflightClients,
  { regions, buckets }: Subject,
  account: Fact<string>,
): Promise<Finding> {
  const about = {
    id: 'bucket-names-free',
    looksAt: 'whether the names of the buckets belong to nobody else',
    severity: 'blocker',
    why: 'A bucket’s name is unique among all accounts; the deployment stops at one that is taken.',
    fix: 'set environmentSuffix to another one, or delete the bucket where it is',
  } as const;
  if (!account.known) return { ...about, verdict: { state: 'unknown', why: account.why } };
  const wanted = buckets(account.value);
  const own = await ask({
    region: regions[0],
    right: 's3:ListAllMyBuckets',
    ask: async () => new Set(await bucketNames(clients, regions[0])),
  });
  if (!own.known) return { ...about, verdict: { state: 'unknown', why: own.why } };
  const answers = await Promise.all(
    wanted
      .filter(({ name }) => !own.value.has(name))
      .map(({ name, region }) =>
        ask({
          region,
          right: `s3:GetBucketLocation on ${name}, unless it is somebody else's`,
          ask: () => isTaken(clients, region, name),
        }).then((fact) => ({ name, fact })),
      ),
  );
  const taken = answers.flatMap(({ name, fact }) => (fact.known && fact.value ? [`the bucket ${name} is taken`] : []));
  if (taken.length > 0) return { ...about, verdict: { state: 'failed', found: taken } };
  const gaps = [...new Set(answers.flatMap(({ fact }) => (fact.known ? [] : [fact.why])))];
  return { ...about, verdict: gaps.length === 0 ? { state: 'ok' } : { state: 'unknown', why: gaps.join('; ') } };
}

async function isTaken(clients: PreflightClients, region: string, Bucket: string): Promise<boolean> {
  try {
    await clients.s3(region).send(new GetBucketLocationCommand({ Bucket }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'PermanentRedirect') return true;
    if (error instanceof Error && error.name === 'NoSuchBucket') return false;
    throw error;
  }
}

function verdictOf(fact: Fact<readonly string[]>): Verdict {
  if (!fact.known) return { state: 'unknown', why: fact.why };
  return fact.value.length === 0 ? { state: 'ok' } : { state: 'failed', found: fact.value };
}

function behind(id: string): Verdict {
  return { state: 'unknown', why: `it is behind ${id}`, behind: id };
}
