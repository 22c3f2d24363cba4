import { within } from '../shared/deadline';
import { kindOf } from '../shared/errors';
import { type HttpResponse, json, type Route } from '../shared/http';
import type { Telemetry } from '../shared/telemetry';
import { type DeepPorts, readDeep } from './deep';
import { faultsOf } from './judge';
import { causesOf, judgeDeep } from './judge-deep';
import { TRADING_DATA_MARKER } from './marker';
import type { TradingDataPort } from './trading-data';

/** What the health answers are made from. */
export interface HealthPorts {
  readonly tradingData: TradingDataPort;
  readonly deep: DeepPorts;
  readonly telemetry: Telemetry;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * How long a sample may take with everything around the query - a secret, a connection - in milliseconds: Route 53 waits two
 * seconds for an answer (aws-facts.md 2), and its way here needs some of them.
 */
const ANSWER_WITHIN_MS = 1_400;

/** GET /health for Route 53, GET /health/deep for the operators and for this platform's own detection. */
export function healthRoutes(ports: HealthPorts): readonly Route[] {
  return [
    { method: 'GET', path: '/health', handle: () => shallow(ports) },
    { method: 'GET', path: '/health/deep', handle: () => deep(ports) },
  ];
}

/** Says nothing about roles: a region is healthy when it can read valid trading data, active or not. */
async function shallow({ tradingData, telemetry, region, now }: HealthPorts): Promise<HttpResponse> {
  try {
    const sample = await within(ANSWER_WITHIN_MS, 'the trading data', () => tradingData.sample());
    const faults = faultsOf(sample, now());
    const asOf = new Date(sample.readAt).toISOString();
    // The marker comes first: Route 53 looks at the first 5,120 bytes only.
    if (faults.length === 0) return json(200, { status: TRADING_DATA_MARKER, region, asOf });
    telemetry.warn('the trading data is not valid', { faults });
    return json(503, { status: 'INVALID', region, asOf, faults });
  } catch (error) {
    telemetry.error('the trading data cannot be read', error);
    return json(503, { status: 'UNAVAILABLE', region, why: kindOf(error) });
  }
}

async function deep({ deep: ports, telemetry, region, now }: HealthPorts): Promise<HttpResponse> {
  const readings = await readDeep(ports);
  const verdict = judgeDeep(readings, region, now());
  if (!verdict.healthy) telemetry.warn('the deep check failed', { ...verdict, causes: causesOf(readings) });
  return json(verdict.healthy ? 200 : 503, { status: verdict.healthy ? 'HEALTHY' : 'UNHEALTHY', region, ...verdict });
}
