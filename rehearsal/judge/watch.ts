import { isResultKey, ORDER_SK, PAYMENT_SK } from '../../lambda/shared/order-items';
import type { DynamoDb, ItemReplicated, ItemWritten } from '../aws/dynamodb/dynamodb';
import type { Item } from '../aws/dynamodb/value';
import type { AcknowledgedEffect, WonEpoch } from './facts';

interface Received {
  readonly region: string;
  readonly at: number;
  readonly reached: Map<string, number>;
}

/** What the tables say while a run goes on: items received, results acknowledged, epochs won. */
export class TableWatch {
  readonly received = new Map<string, Received>();
  readonly acknowledged: AcknowledgedEffect[] = [];
  readonly won: WonEpoch[] = [];
  private readonly epochs = new Set<number>();
  private readonly listeners: ((effect: AcknowledgedEffect) => void)[] = [];

  constructor(dynamodb: DynamoDb) {
    dynamodb.onWrite((written) => this.wrote(written));
    dynamodb.onReplicated((replicated) => this.replicated(replicated));
  }

  onAcknowledged(listener: (effect: AcknowledgedEffect) => void): void {
    this.listeners.push(listener);
  }

  private wrote({ item, region, at }: ItemWritten): void {
    if (item === undefined) return;
    const standing = textOf(item, 'standing');
    if (standing !== undefined) {
      this.registered(item, standing, at);
      return;
    }
    const id = textOf(item, 'pk');
    const key = textOf(item, 'sk');
    if (id === undefined || key === undefined) return;
    if (key === ORDER_SK || key === PAYMENT_SK) {
      if (!this.received.has(id)) this.received.set(id, { region, at, reached: new Map() });
    } else if (isResultKey(key)) {
      const effect = { id, epoch: numberOf(item, 'epoch'), region: textOf(item, 'region') ?? region, at };
      this.acknowledged.push(effect);
      for (const listener of this.listeners) listener(effect);
    }
  }

  /** A record of the register that is won: the first one of its epoch tells when. */
  private registered(item: Item, standing: string, at: number): void {
    const epoch = numberOf(item, 'epoch');
    if (standing !== 'won' || this.epochs.has(epoch)) return;
    this.epochs.add(epoch);
    this.won.push({ epoch, region: textOf(item, 'activeRegion') ?? '', at });
  }

  private replicated({ item, to, at }: ItemReplicated): void {
    const id = item && textOf(item, 'pk');
    const key = item && textOf(item, 'sk');
    if (id === undefined || (key !== ORDER_SK && key !== PAYMENT_SK)) return;
    this.received.get(id)?.reached.set(to, at);
  }
}

export function textOf(item: Item, name: string): string | undefined {
  const value = item[name];
  return value !== undefined && 'S' in value ? value.S : undefined;
}

export function numberOf(item: Item, name: string): number {
  const value = item[name];
  return value !== undefined && 'N' in value ? Number(value.N) : NaN;
}
