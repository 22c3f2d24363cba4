import type { HttpAnswer } from '../ports';

/** How long a checker waits for a connection (Route 53 guide, "How Amazon Route 53 determines whether a health check is healthy"). */
export const CONNECT_LIMIT_MS = 4_000;
/** How long the endpoint has for its answer once connected (same page). */
export const ANSWER_LIMIT_MS = 2_000;
/** How much of the body is searched (same page). */
export const SEARCHED_BYTES = 5_120;
/** The share of checkers above which an endpoint is healthy (same page: "more than 18%"). */
export const HEALTHY_SHARE = 0.18;

/** The most bytes that UTF-8 needs for one unit of a JavaScript string. */
const BYTES_PER_UNIT = 3;

/** An answer as a checker got it; both times in milliseconds, `totalMs` from sending the request. */
export interface TimedAnswer extends HttpAnswer {
  readonly connectMs: number;
  readonly totalMs: number;
}

/** Whether one answer counts for the endpoint. */
export function isGood({ status, body, connectMs, totalMs }: TimedAnswer, searchString: string | undefined): boolean {
  if (connectMs > CONNECT_LIMIT_MS || totalMs - connectMs > ANSWER_LIMIT_MS) return false;
  if (status < 200 || status >= 400) return false;
  return searchString === undefined || searched(body).includes(searchString);
}

/** The text must lie entirely in the first bytes; a character that is cut in two is no character of the text. */
function searched(body: string): string {
  if (body.length * BYTES_PER_UNIT <= SEARCHED_BYTES) return body;
  return Buffer.from(body).subarray(0, SEARCHED_BYTES).toString();
}

/** One checker's opinion: it changes after as many contrary answers in a row as the threshold says. */
export class Opinion {
  /** A new check is healthy until there is enough data (same page). */
  healthy = true;
  private contrary = 0;

  constructor(private readonly threshold: number) {}

  /** @returns whether the opinion has changed. */
  take(good: boolean): boolean {
    if (good === this.healthy) {
      this.contrary = 0;
      return false;
    }
    this.contrary += 1;
    if (this.contrary < this.threshold) return false;
    this.healthy = good;
    this.contrary = 0;
    return true;
  }
}

/** What all checkers together say. @param of how many they are, at least 1. */
export function healthyShare(healthy: number, of: number): boolean {
  return healthy / of > HEALTHY_SHARE;
}
