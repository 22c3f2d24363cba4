import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AwsPatience } from './aws';
import type { RegisterSettings } from './env';
import { createLeaseStore } from './lease-store';
import type { LocalItem } from './local-items';
import { createRegisterKeeper, type RegisterKeeper } from './register-keeper';
import { createLocalLease } from './register/local-lease';
import { type Quorum, quorumOf, type SelfVerdict } from './register/record';
import { createRegisterStore } from './register/register-store';

/**
 * For the clients of the registers and of the lease table. Two attempts, because a connection that was kept over a pause may
 * be dead, and a pause ends for all of them at once. A location that is lost costs a renewal 2 s in each of its two steps:
 * with the local item it is over within 7 s of the 10 s between two heartbeats.
 */
export const REGISTER_PATIENCE: AwsPatience = { connectionTimeoutMs: 500, requestTimeoutMs: 1_000, attempts: 2 };

/** A function's environment as far as the registers go. */
export type KeeperSettings = RegisterSettings & { readonly AWS_REGION: string };

/** Clients of DynamoDB: of every location with a register, and of this region for the lease table. */
export interface KeeperClients {
  readonly registers: Readonly<Record<string, DynamoDBClient>>;
  readonly leases: DynamoDBClient;
}

/** What is not decided but rolled, named or measured. */
export interface Chance {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly newId: () => string;
}

/** Where the registers are and how many decide. */
export function quorumFrom({ PRIMARY_REGION, DR_REGION, WITNESS_REGION }: RegisterSettings): Quorum {
  return quorumOf(PRIMARY_REGION, DR_REGION, WITNESS_REGION === 'none' ? undefined : WITNESS_REGION);
}

/** The region that this one would take over from. */
export function otherRegionOf({ AWS_REGION, PRIMARY_REGION, DR_REGION }: KeeperSettings): string {
  return AWS_REGION === PRIMARY_REGION ? DR_REGION : PRIMARY_REGION;
}

/** One client per location of a register. */
export function registerClients(
  settings: RegisterSettings,
  create: (region: string) => DynamoDBClient,
): Readonly<Record<string, DynamoDBClient>> {
  return Object.fromEntries(quorumFrom(settings).locations.map((location) => [location, create(location)]));
}

/** Puts the register's effects together from a function's environment and clients. */
export function composeKeeper(env: KeeperSettings, clients: KeeperClients, chance: Chance): RegisterKeeper {
  const quorum = quorumFrom(env);
  return createRegisterKeeper({
    registers: createRegisterStore(clients.registers, env.REGISTER_TABLE, quorum, chance.newId),
    localLease: createLocalLease(clients.leases, env.LEASE_TABLE),
    lease: createLeaseStore(clients.leases, env.LEASE_TABLE),
    quorum,
    region: env.AWS_REGION,
    otherRegion: otherRegionOf(env),
    leaseMs: env.LEASE_SECONDS * 1_000,
    now: chance.now,
    random: chance.random,
    newClaimId: () => `heartbeat-${chance.newId()}`,
  });
}

/** How old a region's verdict about itself may be, in milliseconds (design.md section 4): an older one says nothing. */
export const VERDICT_FRESH_MS = 30_000;

/** The verdict as a renewal carries it, if it still says something. */
export function freshVerdict(item: LocalItem<'verdict'> | undefined, now: number): SelfVerdict | undefined {
  if (!item || now - item.at > VERDICT_FRESH_MS) return undefined;
  const { healthy, at, writableAt } = item;
  return { healthy, at, writableAt };
}
