import { request } from 'node:https';
import type { Answer } from './check';

/** An endpoint that takes longer is lost to its clients; with all of them asked at once a run stays far below its limit. */
const TIMEOUT_MS = 10_000;
/** More than any health answer has, in characters: the rest is not read. */
const MOST_CHARACTERS = 65_536;

/**
 * Asks one endpoint over a connection of its own, as a new client would.
 * @throws Error when there is no complete answer within 10 s.
 */
export function get(url: string, timeoutMs = TIMEOUT_MS): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        if (body.length < MOST_CHARACTERS) body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', (error) => reject(inTime(error, timeoutMs)));
    });
    asked.on('error', (error) => reject(inTime(error, timeoutMs)));
    asked.end();
  });
}

/** Node says only that it was aborted. */
function inTime(error: Error, timeoutMs: number): Error {
  if (error.name !== 'AbortError' && error.name !== 'TimeoutError') return error;
  return new Error(`no answer within ${timeoutMs / 1_000} s`, { cause: error });
}
