import * as z from 'zod/mini';
import { describeError } from '../shared/errors';
import type { HttpClient, IncomingAnswer } from '../shared/http-client';
import type { OrderContent } from '../shared/order';
import type { TickClock } from '../shared/ticks';

/** What a stack that is probed takes. */
export type ProbedWorkload = 'orders' | 'payments';

/** A marked request that costs nobody anything: an order or a payment that says of itself that it is a probe. */
export interface ProbeRequest {
  readonly workload: ProbedWorkload;
  /** By which the same request is known again. */
  readonly id: string;
  readonly body: Readonly<Record<string, string | number>>;
}

/** What a caller outside the region has seen of it. */
export interface ProbeOutcome {
  readonly good: boolean;
  readonly why: string;
}

/** By which probes are told from what customers send. */
export const PROBE_ACCOUNT = 'PROBE';

/** How long a request may take from its first attempt to its result, in milliseconds (design.md section 4, detection). */
export const SETTLED_WITHIN_MS = 5_000;

/** How long to wait before the next attempt, in milliseconds. */
const POST_AGAIN_MS = 500;
const ASK_AGAIN_MS = 250;

/** Every account of its own, one piece, in the middle of its band. */
const ORDER: OrderContent = { symbol: 'ACME', side: 'BUY', quantity: 1, limitPrice: '100', account: PROBE_ACCOUNT };

/** A cent between the account numbers that the standard itself gives as examples (ISO 13616, registry of IBAN formats). */
const PAYMENT = {
  amount: '0.01',
  currency: 'EUR',
  debtorAccount: 'DE89370400440532013000',
  creditorAccount: 'GB29NWBK60161331926819',
  reference: PROBE_ACCOUNT,
};

/**
 * The request with an id. Of one probe every attempt carries the same one, so that a repetition is no second request; of two
 * probes, ids that nobody can foretell: who posts an id first, with other content, decides how the API answers the probe.
 */
export function probeRequestOf(workload: ProbedWorkload, id: string): ProbeRequest {
  return workload === 'orders'
    ? { workload, id, body: { orderId: id, ...ORDER } }
    : { workload, id, body: { paymentId: id, ...PAYMENT } };
}

/** What an answer means for the request: it goes on, it is over, or the same request is worth another attempt. */
export type ReplyMeaning =
  { readonly kind: 'go-on' } | { readonly kind: 'over'; readonly outcome: ProbeOutcome } | AnotherAttempt;

interface AnotherAttempt {
  readonly kind: 'again';
  readonly why: string;
}

const accepted = z.object({
  writer: z.object({ state: z.enum(['ACTIVE', 'NOT_ACTIVE', 'UNKNOWN']), epoch: z.optional(z.number()) }),
});
const standing = z.object({ status: z.enum(['RECEIVED', 'PROCESSED', 'VALIDATED', 'REJECTED', 'EXPIRED']) });

/** Statuses of a request that may be accepted when it is sent again: time-out, too many requests, and the server's own. */
function isWorthAnother(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/**
 * Reads the answer to a POST. An order is accepted (202) and settled later, a payment is settled in the answer (200) or accepted
 * as well. A region that says that it is not the active one has been reached, and that is all.
 */
export function readPostAnswer({ status, body }: IncomingAnswer): ReplyMeaning {
  if (status === 200) return readStanding(body, 'POST');
  if (status !== 202) {
    const why = `POST answered ${status}`;
    return isWorthAnother(status) ? { kind: 'again', why } : over(false, why);
  }
  const parsed = accepted.safeParse(parsedJson(body));
  if (!parsed.success) return over(false, 'POST answered 202 in another form');
  const { state, epoch } = parsed.data.writer;
  return state === 'NOT_ACTIVE' ? over(true, `reachable, not active, epoch ${epoch ?? 'unknown'}`) : { kind: 'go-on' };
}

/** Reads the answer to a GET of the request by its id. */
export function readGetAnswer({ status, body }: IncomingAnswer): ReplyMeaning {
  return status === 200 ? readStanding(body, 'GET') : { kind: 'again', why: `GET answered ${status}` };
}

/** Any result is one, because a database decided it. */
function readStanding(body: string, method: 'GET' | 'POST'): ReplyMeaning {
  const parsed = standing.safeParse(parsedJson(body));
  if (!parsed.success) return { kind: 'again', why: `${method} answered 200 in another form` };
  if (parsed.data.status === 'RECEIVED') return { kind: 'again', why: 'it is accepted and has no result' };
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

/** What following a request touches. */
export interface FollowPorts extends TickClock {
  readonly http: HttpClient;
  /** Of the API, without a slash at its end. */
  readonly targetUrl: string;
}

/** Sends a request and asks for its result until there is one or the time is over. Never rejects. */
export async function followRequest(ports: FollowPorts, { workload, id, body }: ProbeRequest): Promise<ProbeOutcome> {
  const { http, targetUrl, now } = ports;
  const deadline = now() + SETTLED_WITHIN_MS;
  const url = `${targetUrl}/${workload}`;
  const post = await attempt(ports, deadline, POST_AGAIN_MS, async (leftMs) =>
    readPostAnswer(await http.send({ method: 'POST', url, body }, leftMs)),
  );
  if (post !== undefined) return post;
  const get = await attempt(ports, deadline, ASK_AGAIN_MS, async (leftMs) =>
    readGetAnswer(await http.send({ method: 'GET', url: `${url}/${id}` }, leftMs)),
  );
  return get ?? { good: false, why: 'it has no result' };
}

/** Repeats a request while it is worth it; undefined when it goes on. */
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
