import { NotFoundError } from './errors';
import { Health } from './health';
import { orderView } from './orders';
import type { Ports, Session } from './ports';
import { route } from './routing';
import type { Route } from './routing';
import { holds, newSession } from './sessions';
import { contentType, FRESH_MS, Site } from './site';

/** A request without its connection; the body is read only by the route that takes one. */
export interface Request {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** @throws RequestRefusedError (413) above the limit. */
  body(): Promise<string>;
}

/** What goes back; headers that every answer has are added by the server. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The traders' web application: sessions, order status, the site, health. Knows nothing about connections. */
export class Application {
  private readonly site: Site;
  private readonly health: Health;

  constructor(
    private readonly region: string,
    private readonly ports: Ports,
  ) {
    const now = () => ports.now();
    this.site = new Site(ports.site, ports.log, now);
    this.health = new Health(region, ports.sessions, this.site, ports.log, now);
  }

  /** @throws ServiceError for everything that is not a success. */
  async answer(request: Request): Promise<Answer> {
    const found = route(request.method, request.target);
    switch (found.kind) {
      case 'alive':
        return json(200, { region: this.region });
      case 'health': {
        const { status, body } = await this.health.answer();
        return json(status, body);
      }
      case 'createSession':
        return this.createSession(await request.body());
      case 'readSession':
        return json(200, await this.session(found.sessionId));
      case 'endSession':
        await this.ports.sessions.remove(found.sessionId);
        return { status: 204, headers: NEVER_STORED };
      case 'readOrder':
        return this.order(found.orderId);
      case 'site':
        return this.file(found);
    }
  }

  private async createSession(body: string): Promise<Answer> {
    const { ports, region } = this;
    const session = newSession(body, { sessionId: ports.newId(), region, now: ports.now() });
    await ports.sessions.create(session);
    return json(201, session, { location: `/sessions/${session.sessionId}` });
  }

  private async session(sessionId: string): Promise<Session> {
    const session = await this.ports.sessions.find(sessionId);
    if (!session || !holds(session, this.ports.now())) throw new NotFoundError('The session');
    return session;
  }

  private async order(orderId: string): Promise<Answer> {
    const view = orderView(await this.ports.orders.itemsOf(orderId));
    if (!view) throw new NotFoundError('The order');
    return json(200, view);
  }

  private async file({ key }: Extract<Route, { kind: 'site' }>): Promise<Answer> {
    const file = await this.site.file(key);
    if (!file) throw new NotFoundError('The page');
    const headers = { 'content-type': contentType(key), 'cache-control': `public, max-age=${FRESH_MS / 1000}` };
    return { status: 200, headers, body: file.body };
  }
}

const NEVER_STORED = { 'cache-control': 'no-store' } as const;

/** An answer in JSON that no cache keeps. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { ...NEVER_STORED, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
