import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Fact } from '../../../analysis/readiness/readiness';
import { within } from '../../../lambda/shared/deadline';
import { MalformedError } from '../../../lambda/shared/errors';
import { unreachable, explain } from '../errors';
import { firstOf, whyNot } from './ask';
import type { PreflightClients } from './clients';
import type { ByRegion } from './partly';

/** Who asks, and which regions are open to it. */
export interface Account {
  /** Its number, where STS tells it. */
  readonly id: Fact<string>;
  /** ARN of whoever types. */
  readonly caller: string | undefined;
  /** Opt-in status of every region that the account knows. */
  readonly regionStatus: Fact<ByRegion<string>>;
  /** Regions of the stack that refuse every call, because the account has not enabled them. */
  readonly closed: ReadonlySet<string>;
}

/** Enabled in every account and cannot be switched off (AWS General Reference, "Regions that are enabled by default"). */
export const ALWAYS_ENABLED = 'us-east-1';

const OPEN = ['opt-in-not-required', 'opted-in'];

/** How long the first questions may take, in milliseconds: one region that answers is enough. */
const ACCOUNT_MS = 8_000;

/**
 * What has to be known before anything else is asked: a region that is not enabled answers every question with "wrong
 * credentials", which would be the wrong story. Any region can tell, and any one that answers is enough.
 *
 * @throws TapError when AWS refuses the credentials: all else would say so again.
 */
export async function readAccount(clients: PreflightClients, regions: readonly string[]): Promise<Account> {
  const places = [...regions, ALWAYS_ENABLED];
  const [identity, status] = await Promise.all([
    asked('sts:GetCallerIdentity', () =>
      firstOf(places, (region) => clients.sts(region).send(new GetCallerIdentityCommand({}))),
    ),
    asked('ec2:DescribeRegions', () => firstOf(places, (region) => regionStatus(clients, region))),
  ]);
  const credentials = [identity, status].find((one) => !one.fact.known && one.refused);
  if (!identity.fact.known && credentials) throw unreachable('preflight cannot ask AWS', credentials.error);
  const { Account: id, Arn: caller } = identity.fact.known ? identity.fact.value : {};
  return {
    id: idOf(identity.fact, id),
    caller,
    regionStatus: status.fact,
    closed: new Set(status.fact.known ? closedOf(status.fact.value, regions) : []),
  };
}

function idOf(fact: Fact<unknown>, id: string | undefined): Fact<string> {
  if (!fact.known) return fact;
  return id === undefined ? { known: false, why: 'STS does not say which account it is' } : { known: true, value: id };
}

function closedOf(status: ByRegion<string>, regions: readonly string[]): readonly string[] {
  return regions.filter((region) => !OPEN.includes(status[region] ?? ''));
}

async function regionStatus(clients: PreflightClients, from: string): Promise<ByRegion<string>> {
  const { Regions = [] } = await clients.ec2(from).send(new DescribeRegionsCommand({ AllRegions: true }));
  if (Regions.length === 0) throw new MalformedError('EC2 names no region');
  return Object.fromEntries(
    Regions.flatMap(({ RegionName, OptInStatus }): [string, string][] =>
      RegionName === undefined || OptInStatus === undefined ? [] : [[RegionName, OptInStatus]],
    ),
  );
}

async function asked<T>(right: string, ask: () => Promise<T>) {
  try {
    return { fact: { known: true, value: await within(ACCOUNT_MS, right, ask) } satisfies Fact<T>, refused: false };
  } catch (error) {
    const fact: Fact<T> = { known: false, why: whyNot(error, right) };
    return { fact, refused: explain(error).kind === 'credentials', error };
  }
}
