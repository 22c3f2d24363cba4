import { Client } from 'pg';
import type { Graph } from '../../../analysis/graph/graph';
import type { PutEvent } from '../../../rehearsal/aws/eventbridge/event';
import type { MetricDatum } from '../../../rehearsal/aws/ports';
import { AURORA_NATURE, type AuroraNature } from '../../../rehearsal/aws/rds/nature';
import { Rds } from '../../../rehearsal/aws/rds/rds';
import type { Answer, Call, WireFields } from '../../../rehearsal/aws/service';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import { PgSocket } from '../../../rehearsal/postgres/socket';

export const PRIMARY = 'eu-central-1';
export const DR = 'eu-central-2';
export const START = Date.UTC(2026, 10, 24, 3, 51);

const exactly = (ms: number) => ({ least: ms, most: ms });

/** Round figures, so that a test can say when something happens. */
export const FIGURES: AuroraNature = {
  ...AURORA_NATURE,
  lagMs: exactly(400),
  commitMs: exactly(4),
  verifyMs: exactly(2_000),
  promotionMs: exactly(100_000),
  openingMs: exactly(5_000),
  switchoverMs: exactly(60_000),
  fencing: 1,
  fencingMs: exactly(10_000),
  demotionMs: exactly(30_000),
  resynchronizationMs: exactly(300_000),
  instanceFailoverMs: exactly(40_000),
  globalEndpointMs: exactly(20_000),
};

/** RDS of a stack, with the real driver's way to its databases. */
export class Bench {
  readonly clock = new VirtualClock(START);
  readonly events: { readonly region: string; readonly event: PutEvent }[] = [];
  readonly metrics: (MetricDatum & { readonly region: string })[] = [];
  readonly rds: Rds;

  constructor(graph: Graph, nature: Partial<AuroraNature> = {}, seed = 'bench') {
    const natureOf = { ...FIGURES, ...nature };
    const ports = {
      putEvent: (region: string, event: PutEvent) => void this.events.push({ region, event }),
      metrics: { put: (region: string, datum: MetricDatum) => void this.metrics.push({ region, ...datum }) },
    };
    this.rds = new Rds(graph, this.clock, new Random(seed), ports, natureOf);
  }

  pass(ms: number): Promise<void> {
    return this.clock.run(this.clock.now() + ms);
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (this.clock.now() - START) / 1_000;
  }

  call(operation: string, input: WireFields = {}, region = PRIMARY): Answer {
    const caller = { principal: 'arn:aws:iam::123456789012:role/test', from: region, name: 'test' };
    const call: Call = { region, service: 'rds', operation, input, caller };
    const answers: Answer[] = [];
    this.rds.handle(call, (answer) => answers.push(answer));
    const [answer] = answers;
    if (!answer) throw new Error('RDS has not answered');
    return answer;
  }

  /** Lets time pass until work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    const state = { done: false };
    const over = (): void => {
      state.done = true;
    };
    work.then(over, over);
    while (!state.done) await this.pass(1);
    return work;
  }

  /** A session of the real driver. @throws the driver's error. */
  async connect(host: string): Promise<Client> {
    const client = this.client(host);
    await this.until(client.connect());
    return client;
  }

  client(host: string): Client {
    const stream = (): PgSocket =>
      new PgSocket({
        clock: this.clock,
        path: () => ({ kind: 'passes', ms: 0.5 }),
        server: (name, port) => this.rds.server(name, port),
        resume: (work) => {
          this.clock.resumesHandlers();
          work();
        },
      });
    const database = { database: 'trading', user: 'evaluation', password: 'evaluation-password' };
    const client = new Client({ host, port: 5432, ...database, ssl: false, stream });
    client.on('error', () => undefined);
    return client;
  }

  /** Commits an order's effect. @returns whether it was acknowledged within some seconds. */
  async order(client: Client, id: string, epoch = 1): Promise<boolean> {
    const work = client.query(INSERT, order(id, epoch)).then(
      () => true,
      () => false,
    );
    const late = new Promise<boolean>((resolve) => this.clock.after(3_000, () => resolve(false)));
    return this.until(Promise.race([work, late]));
  }
}

const INSERT = `INSERT INTO order_effects
       (order_id, verdict, reason, epoch, region, symbol, side, quantity, limit_price, account, received_at, valid_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (order_id) DO NOTHING RETURNING verdict, reason, epoch, region, executed_at, symbol, side, quantity, limit_price, account`;

function order(id: string, epoch: number): unknown[] {
  const at = '2026-11-24T03:51:00.000Z';
  return [id, 'PROCESSED', null, epoch, PRIMARY, 'SAP', 'BUY', 10, '230.50', 'DE-1', at, at];
}
