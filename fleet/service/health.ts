import { TRADING_DATA_MARKER } from '../../lambda/health/marker';
import { errorFields } from './log';
import type { Log, SessionStore } from './ports';
import { INDEX_KEY } from './site';
import type { Site } from './site';

/** How long a good verdict is repeated, in milliseconds. Route 53 sends up to 2 requests a second. */
const GOOD_MS = 5_000;
/** How long a bad one is: shorter, so that a recovered region is seen at once. */
const BAD_MS = 1_000;

/** The role-neutral verdict about this region's own data; `marker` is there only when every check holds. */
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: {
    readonly marker?: string;
    readonly region: string;
    readonly checks: Readonly<Record<'sessions' | 'site', 'ok' | 'failed'>>;
    /** ISO 8601: when the data was really read. */
    readonly checkedAt: string;
  };
}

/** The verdict from the outcome of both checks. */
export function healthAnswer(region: string, sessions: boolean, site: boolean, checkedAt: number): HealthAnswer {
  const good = sessions && site;
  return {
    status: good ? 200 : 503,
    body: {
      ...(good && { marker: TRADING_DATA_MARKER }),
      region,
      checks: { sessions: sessions ? 'ok' : 'failed', site: site ? 'ok' : 'failed' },
      checkedAt: new Date(checkedAt).toISOString(),
    },
  };
}

/** Reads this region's data and remembers the verdict for a moment, so that checkers cost no read each. */
export class Health {
  private last: { readonly answer: HealthAnswer; readonly until: number } | undefined;
  private checking: Promise<HealthAnswer> | undefined;

  constructor(
    private readonly region: string,
    private readonly sessions: Pick<SessionStore, 'probe'>,
    private readonly site: Pick<Site, 'file'>,
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  /** The verdict, at most 5 s old; never throws. */
  async answer(): Promise<HealthAnswer> {
    if (this.last && this.now() < this.last.until) return this.last.answer;
    this.checking ??= this.check().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async check(): Promise<HealthAnswer> {
    const [sessions, site] = await Promise.allSettled([
      this.sessions.probe(),
      this.site.file(INDEX_KEY).then((file) => {
        if (!file) throw new Error(`${INDEX_KEY} is not in the static-content bucket`);
      }),
    ]);
    for (const outcome of [sessions, site]) {
      if (outcome.status === 'rejected') this.log.write('error', 'health: a check failed', errorFields(outcome.reason));
    }
    const at = this.now();
    const answer = healthAnswer(this.region, sessions.status === 'fulfilled', site.status === 'fulfilled', at);
    this.last = { answer, until: at + (answer.status === 200 ? GOOD_MS : BAD_MS) };
    return answer;
  }
}
