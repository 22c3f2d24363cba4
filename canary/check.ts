import { TRADING_DATA_MARKER } from '../lambda/health/marker';

/** What an endpoint answered, as far as it is judged. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** How the checks reach the world. */
export interface CanaryPorts {
  /** @throws Error when there is no answer in time. */
  get(url: string): Promise<Answer>;
  info(line: string): void;
}

/** A run that found something wrong; the message names every endpoint, because people read it in the canary's report. */
export class CanaryError extends Error {
  override readonly name = 'CanaryError';
}

/** What promises valid trading data, and therefore has to show the marker. */
const HEALTH_PATH = '/health';

/**
 * The endpoints of a canary, from its environment.
 * @throws CanaryError when the text is not a list of https URLs: a canary without work must not pass.
 */
export function readUrls(text: string | undefined): readonly string[] {
  const urls: unknown = parsed(text);
  if (!Array.isArray(urls) || urls.length === 0 || !urls.every(isHttpsUrl)) {
    throw new CanaryError(`CANARY_URLS must be a JSON list of https URLs, got ${text ?? 'nothing'}`);
  }
  return urls;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function isHttpsUrl(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:';
}

/** What is wrong with an answer, or undefined. */
export function problemWith(url: string, { status, body }: Answer): string | undefined {
  if (status !== 200) return `answered ${status}`;
  if (new URL(url).pathname === HEALTH_PATH && !body.includes(TRADING_DATA_MARKER))
    return 'shows no valid trading data';
  return undefined;
}

/**
 * Asks every endpoint, all at once and each exactly once: a retry would hide what clients see.
 * @throws CanaryError naming every endpoint that did not answer well.
 */
export async function checkAll(urls: readonly string[], ports: CanaryPorts): Promise<void> {
  const problems = await Promise.all(urls.map((url) => check(url, ports)));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new CanaryError(found.join('; '));
}

async function check(url: string, ports: CanaryPorts): Promise<string | undefined> {
  const problem = await ports.get(url).then(
    (answer) => problemWith(url, answer),
    (error: unknown) => `did not answer: ${error instanceof Error ? error.message : String(error)}`,
  );
  ports.info(`${url} ${problem ?? 'is well'}`);
  return problem && `${url} ${problem}`;
}
