import { isCurrency } from '../shared/currencies';
import { decimalUnits } from '../shared/decimal';

/** One row of reference trading data; prices are decimals as text. */
export interface TradingDatum {
  readonly symbol: string;
  readonly currency: string;
  readonly referencePrice: string;
  readonly bandLow: string;
  readonly bandHigh: string;
}

/** Trading data as this function read it; `readAt` in milliseconds since 1970. */
export interface Sample {
  readonly readAt: number;
  readonly data: readonly TradingDatum[];
}

/**
 * How old our own reading may be, in milliseconds. It says nothing about replication on purpose: dr must stay healthy while
 * primary is dead and nothing arrives any more.
 */
export const OLDEST_SAMPLE_MS = 15_000;

/** How many faults an answer names. */
const NAMED_FAULTS = 5;

/** Every fault of a sample, in words; an empty list is valid trading data. */
export function faultsOf({ data, readAt }: Sample, now: number): readonly string[] {
  const faults = data.flatMap(faultsOfDatum);
  if (data.length === 0) faults.push('there is no instrument');
  const age = now - readAt;
  if (!(age <= OLDEST_SAMPLE_MS)) faults.push(`the data was read ${age} ms ago`);
  return faults.slice(0, NAMED_FAULTS);
}

function faultsOfDatum({ symbol, currency, referencePrice, bandLow, bandHigh }: TradingDatum): string[] {
  const [price = 0n, low = 0n, high = 0n] = [referencePrice, bandLow, bandHigh].map(decimalUnits);
  const faults: string[] = [];
  if (price <= 0n) faults.push(`${symbol}: the price is not above 0`);
  if (low <= 0n || high < low || price < low || price > high) faults.push(`${symbol}: the price band makes no sense`);
  if (!isCurrency(currency)) faults.push(`${symbol}: ${currency} is no currency`);
  return faults;
}
