import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { describeError } from '../shared/errors';
import type { Telemetry } from '../shared/telemetry';
import type { OrderLimits } from './decide-order';
import { orderLimits } from './order-request';

/** The limits, or why there are none. */
export type LimitsReading =
  { readonly known: true; readonly limits: OrderLimits } | { readonly known: false; readonly why: string };

/** Where the limits of an order come from. */
export interface LimitsPort {
  /** Never rejects. */
  read(): Promise<LimitsReading>;
}

/** How long limits are used without asking again, in milliseconds. */
export const LIMITS_FRESH_MS = 60_000;

/** After a failure the last known limits serve this long before the next attempt, in milliseconds. */
const RETRY_AFTER_MS = 5_000;

/**
 * Reads the limits parameter, keeps it for a minute, and goes on with the last known value when it cannot be read: an
 * order limit changes rarely, and a region's orders must not stop with its parameter store.
 */
export function createLimitsStore(
  client: SSMClient,
  parameter: string,
  now: () => number,
  telemetry: Pick<Telemetry, 'warn'>,
): LimitsPort {
  let last: OrderLimits | undefined;
  let freshUntil = 0;
  return {
    async read() {
      if (last && now() < freshUntil) return { known: true, limits: last };
      try {
        last = await fetchLimits(client, parameter);
        freshUntil = now() + LIMITS_FRESH_MS;
      } catch (error) {
        const why = `the parameter ${parameter} cannot be read: ${describeError(error)}`;
        telemetry.warn('order limits cannot be read', { why, lastKnown: last });
        if (!last) return { known: false, why };
        freshUntil = now() + RETRY_AFTER_MS;
      }
      return { known: true, limits: last };
    },
  };
}

async function fetchLimits(client: SSMClient, parameter: string): Promise<OrderLimits> {
  const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
  return z.parse(orderLimits, JSON.parse(Parameter?.Value ?? ''));
}
