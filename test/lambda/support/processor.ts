import { randomUUID } from 'node:crypto';
import { type BatchPorts, type BatchResponse, processBatch } from '../../../lambda/order-processor/process-batch';
import type { ReceivedOrder } from '../../../lambda/shared/order';
import { changeableLease, leaseOf, memoryItems, type MemoryItems, recordedTelemetry } from './fakes';
import { startTradingDatabase, type TradingDatabase } from './trading-database';

/** The region that the processor under test runs in. */
export const OWN = 'eu-central-1';

/** The other one. */
export const OTHER = 'eu-central-2';

/** What a test may want to be different about a processor. */
export type ProcessorChange = Partial<Omit<BatchPorts, 'telemetry' | 'items'>> & { readonly items?: MemoryItems };

/** Starts an engine for a test file; before each test its epoch is 1. Called at the file's top. */
export function tradingDatabaseOfThisFile(): () => TradingDatabase {
  let trading: TradingDatabase | undefined;
  const started = (): TradingDatabase => {
    if (!trading) throw new Error('the engine starts before the first test');
    return trading;
  };
  beforeAll(async () => {
    trading = await startTradingDatabase();
  }, 30_000);
  beforeEach(() => started().sql('UPDATE writer_epoch SET epoch = 1'));
  afterAll(() => trading?.stop());
  return started;
}

/** A processor with its own connection, as one execution environment has it. */
export function createProcessor(trading: TradingDatabase, change: ProcessorChange = {}) {
  const ports = {
    lease: changeableLease(leaseOf(OWN)),
    database: trading.connect(),
    region: OWN,
    items: memoryItems(),
    telemetry: recordedTelemetry(),
    now: Date.now,
    ...change,
  };
  const run = (...bodies: unknown[]): Promise<BatchResponse> =>
    processBatch(
      ports,
      { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body: text(body) })) },
      Date.now() + 30_000,
    );
  return { ...ports, run };
}

const text = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

/** An order that would be executed now. */
export function newOrder(change: Partial<ReceivedOrder> = {}): ReceivedOrder {
  return {
    orderId: randomUUID(),
    symbol: 'SAP',
    side: 'BUY',
    quantity: 10,
    limitPrice: '180.5',
    account: 'ACC-1',
    receivedAt: new Date().toISOString(),
    validUntil: new Date(Date.now() + 900_000).toISOString(),
    region: OWN,
    ...change,
  };
}

/** Every row that an order has. */
export function effectsIn(trading: TradingDatabase, orderId: string): Promise<Record<string, unknown>[]> {
  return trading.sql('SELECT verdict, reason, epoch::int AS epoch, region FROM order_effects WHERE order_id = $1', [
    orderId,
  ]);
}

/** The answer to SQS when every message is done. */
export const DONE: BatchResponse = { batchItemFailures: [] };

/** The answer to SQS when these messages come back. */
export const again = (...ids: string[]): BatchResponse => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
