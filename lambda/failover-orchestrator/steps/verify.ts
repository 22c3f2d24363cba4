import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { PROBE_ACCOUNT } from '../../primary-probe/probe-request';
import type { HttpClient } from '../../shared/http-client';
import type { OrderContent } from '../../shared/order';
import type { StepResult } from '../run';
import { done, type StepAttempt, type StepContext } from './step';

/** What verifying touches. */
export interface VerifyPorts {
  readonly http: HttpClient;
  /** This region's regional API. */
  readonly ownUrl: string;
  /** Whether there is a workload that takes orders. */
  readonly takesOrders: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** An order like those of the probe: it costs nobody anything, and its account says what it is. */
const ORDER: OrderContent = {
  symbol: 'ACME',
  side: 'BUY',
  quantity: 1,
  limitPrice: '100',
  account: PROBE_ACCOUNT,
};

/** How long an order is waited for in one attempt, in milliseconds, and how often it is asked for. */
const WAIT_MS = 13_000;
const ASK_AGAIN_MS = 500;

const orderAnswer = z.object({
  status: z.string(),
  result: z.optional(z.object({ epoch: z.number(), verdict: z.string() })),
});

/**
 * Sends one order through this region as a client does, and waits until it is settled under the run's epoch. One order for all
 * attempts of a run: a repetition asks after it.
 */
export function createVerify({ http, ownUrl, takesOrders, now, sleep }: VerifyPorts): StepAttempt {
  /** The order's result once it has one. */
  async function ask(orderId: string): Promise<z.output<typeof orderAnswer>['result']> {
    const { status, body } = await http.send({ method: 'GET', url: `${ownUrl}/orders/${orderId}` });
    if (status !== 200) return undefined;
    const parsed = z.safeParse(orderAnswer, parseJson(body));
    return parsed.data?.result;
  }

  async function sendAndWait({ state, epoch, signal }: StepContext): Promise<StepResult> {
    const orderId = orderIdOf(state.runId);
    const sentAt = now();
    const posted = await http.send({ method: 'POST', url: `${ownUrl}/orders`, body: { orderId, ...ORDER } });
    if (posted.status !== 202) return failed(`order ${orderId} was answered with ${posted.status}`);
    while (!signal.aborted && now() - sentAt < WAIT_MS) {
      const result = await ask(orderId);
      if (result) return judge(orderId, result, epoch, now() - sentAt);
      await sleep(ASK_AGAIN_MS);
    }
    return failed(`order ${orderId} was accepted and not settled within ${WAIT_MS / 1_000} s`);
  }

  return async (context) => {
    if (!takesOrders) return done('there is no workload that takes orders');
    try {
      return await sendAndWait(context);
    } finally {
      http.close();
    }
  };
}

function judge(
  orderId: string,
  { epoch: found, verdict }: { readonly epoch: number; readonly verdict: string },
  epoch: number,
  tookMs: number,
): StepResult {
  // A higher epoch is this region's as well: its heartbeat takes one when somebody contests.
  if (found < epoch) return failed(`order ${orderId} was settled under epoch ${found}`);
  if (verdict === 'EXPIRED') return failed(`order ${orderId} expired before it was settled`);
  return done(`order ${orderId} was settled (${verdict}) under epoch ${epoch} within ${(tookMs / 1_000).toFixed(1)} s`);
}

function failed(detail: string): StepResult {
  return { kind: 'failed', detail };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A UUID of its own for each run, the same in every attempt. */
export function orderIdOf(runId: string): string {
  const hex = createHash('sha256').update(`verify ${runId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
