import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import type { HttpAnswer, Web } from '../aws/ports';
import type { Kind, Submission } from './submission';

/** Name resolution as one client has it: its resolver keeps answers. */
export interface ClientResolver {
  /** Addresses of a host; undefined when there is no answer. */
  resolve(host: string): readonly string[] | undefined;
}

/** What the clients of a run need. */
export interface TrafficParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly web: Web;
  /** One resolver per client, because each keeps its own answers. */
  readonly resolvers: readonly ClientResolver[];
  /** The name that clients know, `api.dev.trading.example.com`. */
  readonly host: string;
  /** The kinds that the stack takes. */
  readonly kinds: readonly Kind[];
}

/** How long a client waits for one answer, and between its attempts, in milliseconds: an ordinary client's settings. */
const ANSWER_WITHIN_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;

/** A payment that was accepted and has no verdict yet is posted again, less and less often, in milliseconds. */
const WAITING_PAUSE_MS = 30_000;

/** A client that has tried for that long tells its user that it did not work. */
const GIVES_UP_AFTER_MS = 600_000;

/** Clients that send orders and payments through the platform's own name, with retries, until each is acknowledged. */
export class Traffic {
  readonly submissions: Submission[] = [];

  constructor(private readonly parts: TrafficParts) {}

  /**
   * Sends one submission after another in a window of true time.
   * @param pause milliseconds to the next one, asked after each.
   */
  run(from: number, until: number, pause: () => number): void {
    const { clock } = this.parts;
    const next = (): void => {
      if (clock.now() >= until) return;
      this.submit();
      clock.after(pause(), next);
    };
    clock.at(from, next);
  }

  /**
   * Sends further orders, so many a second, beside the others.
   * @returns what ends it.
   */
  sendMore(perSecond: number): () => void {
    const { clock } = this.parts;
    let isOver = false;
    const next = (): void => {
      if (isOver) return;
      this.submit('order');
      clock.after(1_000 / perSecond, next);
    };
    next();
    return () => void (isOver = true);
  }

  private submit(kind = kindOf(this.submissions.length, this.parts.kinds)): void {
    const { clock, random } = this.parts;
    const number = this.submissions.length;
    const submission: Submission = { id: random.uuid(), kind, sentAt: clock.now(), attempts: 0 };
    this.submissions.push(submission);
    this.attempt(submission, number, FIRST_PAUSE_MS);
  }

  private attempt(submission: Submission, number: number, pause: number): void {
    const { clock, random, web, resolvers, host } = this.parts;
    submission.attempts += 1;
    let over = false;
    const again = (why: string): void => {
      if (over) return;
      over = true;
      timer.cancel();
      const waited = clock.now() - submission.sentAt;
      if (waited > GIVES_UP_AFTER_MS) {
        submission.refusal = why;
        return;
      }
      // Full jitter, so that clients that failed together do not come back together.
      const wait = random.between({ least: pause / 2, most: pause });
      const longest = submission.acknowledgedAt === undefined ? LONGEST_PAUSE_MS : WAITING_PAUSE_MS;
      clock.after(wait, () => this.attempt(submission, number, Math.min(pause * 2, longest)));
    };
    const timer = clock.after(ANSWER_WITHIN_MS, () => again('no answer'));
    const address = resolvers[number % resolvers.length]?.resolve(host)?.[0];
    if (address === undefined) return again('the name has no address');
    const path = submission.kind === 'order' ? '/orders' : '/payments';
    const request = { method: 'POST', host, path, body: JSON.stringify(bodyOf(submission, number)) };
    web.send('outside', address, request, (result) => {
      if (over) return;
      if (result.kind === 'refused') return again(result.why);
      const meaning = this.read(submission, result.answer);
      if (meaning !== 'over') return again(meaning);
      over = true;
      timer.cancel();
    });
  }

  /** `over`, or why it is worth another attempt. */
  private read(submission: Submission, { status, body }: HttpAnswer): string {
    const at = this.parts.clock.now();
    if (status === 202 || status === 200) {
      submission.acknowledgedAt ??= at;
      submission.acknowledgedBy ??= regionOf(body);
      if (submission.kind === 'payment' && status === 202) return 'the payment waits';
      if (submission.kind === 'payment') submission.settledAt = at;
      return 'over';
    }
    if (status === 408 || status === 429 || status >= 500) return `status ${status}`;
    submission.refusal = `status ${status}: ${body}`;
    return 'over';
  }
}

/** Where a stack takes both, one in eight is a payment: a payment is four orders' worth of calls while it waits. */
function kindOf(number: number, kinds: readonly Kind[]): Kind {
  const [first = 'order', second = first] = kinds;
  return number % 8 === 7 ? second : first;
}

function regionOf(body: string): string {
  return /"region":"([a-z0-9-]+)"/.exec(body)?.[1] ?? '';
}

/** The same submission is the same request in every attempt. */
function bodyOf({ id, kind }: Submission, number: number): object {
  if (kind === 'order') {
    return {
      orderId: id,
      symbol: 'ACME',
      side: 'BUY',
      quantity: 1,
      limitPrice: '100',
      account: `CUSTOMER-${number % 10}`,
    };
  }
  return {
    paymentId: id,
    amount: '1.00',
    currency: 'EUR',
    debtorAccount: 'DE89370400440532013000',
    creditorAccount: 'GB29NWBK60161331926819',
    reference: `invoice ${number}`,
  };
}
