import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { describeError } from '../shared/errors';
import type { HttpClient, IncomingAnswer } from '../shared/http-client';
import type { OrderContent } from '../shared/order';
import type { TickClock } from '../shared/ticks';

/** A marked order that costs nobody anything: every account of its own, one piece, in the middle of its band. */
export interface ProbeOrder extends OrderContent {
  readonly orderId: string;
}

/** What a caller outside the region has seen of it. */
export interface ProbeOutcome {
  readonly good: boolean;
  readonly why: string;
}

/** By which probes are told from customers' orders. */
export const PROBE_ACCOUNT = 'PROBE';

/** How long an order may take from its first attempt to its result, in milliseconds (design.md section 4, detection). */
export const SETTLED_WITHIN_MS = 5_000;

/** How long to wait before the next attempt, in milliseconds. */
const POST_AGAIN_MS = 500;
const ASK_AGAIN_MS = 250;

/** The order of one moment: the same moment, region and stack give the same order, so that a repetition is no second one. */
export function probeOrderOf(dueAt: number, region: string, environmentSuffix: string): ProbeOrder {
  const digest = createHash('sha256').update(`probe ${environmentSuffix} ${region} ${dueAt}`).digest('hex');
  // Version 8: made as its maker likes (RFC 9562).
  const orderId = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  return { orderId, symbol: 'ACME', side: 'BUY', quantity: 1, limitPrice: '100', account: PROBE_ACCOUNT };
}

/** What an answer means for the order: it goes on, it is over, or the same request is worth another attempt. */
export type ReplyMeaning =
  { readonly kind: 'go-on' } | { readonly kind: 'over'; readonly outcome: ProbeOutcome } | AnotherAttempt;

interface AnotherAttempt {
  readonly kind: 'again';
  readonly why: string;
}

const accepted = z.object({
  writer: z.object({ state: z.enum(['ACTIVE', 'NOT_ACTIVE', 'UNKNOWN']), epoch: z.optional(z.number()) }),
});
const standing = z.object({ status: z.enum(['RECEIVED', 'PROCESSED', 'REJECTED', 'EXPIRED']) });

/** Statuses of a request that may be accepted when it is sent again: time-out, too many requests, and the server's own. */
function isWorthAnother(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Reads the answer to POST /orders. A region that says that it is not the active one has been reached, and that is all. */
export function readPostAnswer({ status, body }: IncomingAnswer): ReplyMeaning {
  if (status !== 202) {
    const why = `POST /orders answered ${status}`;
    return isWorthAnother(status) ? { kind: 'again', why } : over(false, why);
  }
  const parsed = accepted.safeParse(parsedJson(body));
  if (!parsed.success) return over(false, 'POST /orders answered 202 in another form');
  const { state, epoch } = parsed.data.writer;
  return state === 'NOT_ACTIVE' ? over(true, `reachable, not active, epoch ${epoch ?? 'unknown'}`) : { kind: 'go-on' };
}

/** Reads the answer to GET /orders/{orderId}: any result is one, because a database decided it. */
export function readGetAnswer({ status, body }: IncomingAnswer): ReplyMeaning {
  if (status !== 200) return { kind: 'again', why: `GET /orders answered ${status}` };
  const parsed = standing.safeParse(parsedJson(body));
  if (!parsed.success) return { kind: 'again', why: 'GET /orders answered 200 in another form' };
  if (parsed.data.status === 'RECEIVED') return { kind: 'again', why: 'the order is accepted and has no result' };
  return over(true, `settled: ${parsed.data.status}`);
}

function over(good: boolean, why: string): ReplyMeaning {
  return { kind: 'over', outcome: { good, why } };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What following an order touches. */
export interface FollowPorts extends TickClock {
  readonly http: HttpClient;
  /** Of the API, without a slash at its end. */
  readonly targetUrl: string;
}

/** Sends an order and asks for its result until there is one or the time is over. Never rejects. */
export async function followOrder(ports: FollowPorts, order: ProbeOrder): Promise<ProbeOutcome> {
  const { http, targetUrl, now } = ports;
  const deadline = now() + SETTLED_WITHIN_MS;
  const url = `${targetUrl}/orders`;
  const post = await attempt(ports, deadline, POST_AGAIN_MS, async (leftMs) =>
    readPostAnswer(await http.send({ method: 'POST', url, body: order }, leftMs)),
  );
  if (post !== undefined) return post;
  const get = await attempt(ports, deadline, ASK_AGAIN_MS, async (leftMs) =>
    readGetAnswer(await http.send({ method: 'GET', url: `${url}/${order.orderId}` }, leftMs)),
  );
  return get ?? { good: false, why: 'the order has no result' };
}

/** Repeats a request while it is worth it; undefined when the order goes on. */
async function attempt(
  { now, sleep }: FollowPorts,
  deadline: number,
  againMs: number,
  request: (leftMs: number) => Promise<ReplyMeaning>,
): Promise<ProbeOutcome | undefined> {
  let why = 'no time was left';
  for (let leftMs = deadline - now(); leftMs > 0; leftMs = deadline - now()) {
    const meaning = await request(leftMs).catch((error: unknown): AnotherAttempt => ({
      kind: 'again',
      why: describeError(error),
    }));
    if (meaning.kind === 'go-on') return undefined;
    if (meaning.kind === 'over') return meaning.outcome;
    ({ why } = meaning);
    await sleep(Math.min(againMs, Math.max(deadline - now(), 0)));
  }
  return { good: false, why: `not within ${SETTLED_WITHIN_MS / 1_000} s: ${why}` };
}
