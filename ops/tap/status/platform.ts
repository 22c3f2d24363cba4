import { part, type Part } from '../ask';
import type { Context, Stack } from '../context';
import { readRegisters, type Registers } from '../run/registers';
import { type HealthAnswer, readHealth } from './health';
import { readRegion, type RegionStatus } from './region';

/** Everything on the one screen. */
export interface PlatformStatus {
  /** When it was asked, in milliseconds since 1970. */
  readonly at: number;
  readonly registers: Registers;
  /** What the name that clients know answers: by DNS and health checks, one of the regions. */
  readonly clients: Part<HealthAnswer>;
  readonly regions: readonly RegionStatus[];
}

/** How long the name that clients know may take, in milliseconds. */
const CLIENTS_MS = 8_000;

/** Asks everybody at once; never rejects. A region that is lost costs its own parts and nothing else. */
export async function readPlatform(
  context: Context,
  stack: Stack,
  regions: readonly string[],
): Promise<PlatformStatus> {
  const at = context.machine.now();
  const [registers, clients, ...found] = await Promise.all([
    readRegisters(context, stack),
    part(CLIENTS_MS, 'the failover name', () => readHealth(stack.outputs.apiEndpoint)),
    ...regions.map((region) => readRegion(context, stack, region)),
  ]);
  return { at, registers, clients, regions: found };
}
