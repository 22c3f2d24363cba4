import { HANDLERS } from '../../lib/budget/handlers';
import { at, textAt } from './charge';
import { MINUTES } from './workload';
import type { GraphResource } from '../graph/graph';

/** How a function ticks within the invocations of its one-minute schedule. */
export interface Ticking {
  /** Ticks a month. */
  readonly ticks: number;
  /** Seconds from the start of an invocation to that of its last tick. */
  readonly lastTick: number;
}

/** Functions that tick by a constant of their own and not by their environment; seconds (test/analysis/cost reads them). */
export const CONSTANT_TICKS: Readonly<Record<string, number>> = { reconciler: 10 };

/** The name under which a function logs, which is also that of its folder. */
export function serviceOf(resource: GraphResource): string {
  return textAt(resource, 'environment.variables.POWERTOOLS_SERVICE_NAME') ?? '';
}

/** How a function ticks; undefined for one that works once per invocation. */
export function ticking(resource: GraphResource): Ticking | undefined {
  const interval = intervalOf(resource);
  if (interval === undefined) return undefined;
  const lastTick = (Math.ceil(HANDLERS.ticking.seconds / interval) - 1) * interval;
  return { ticks: (MINUTES * 60) / interval, lastTick };
}

function intervalOf(resource: GraphResource): number | undefined {
  const variables = at(resource.inputs, 'environment.variables');
  const named = Object.entries(typeof variables === 'object' && variables !== null ? variables : {}).flatMap(
    ([key, value]) => (/_INTERVAL_SECONDS$/.test(key) ? [Number(value)] : []),
  );
  const interval = named[0] ?? CONSTANT_TICKS[serviceOf(resource)];
  return interval !== undefined && interval > 0 ? interval : undefined;
}

/**
 * What one tick asks of AWS, counted in the handlers' code; write units and read units of a kB and of 4 kB. An item of a batch costs
 * what a read of its own does (DynamoDB developer guide, "DynamoDB read and write operations", BatchGetItem).
 */
export interface TickCalls {
  readonly reads: number;
  readonly writes: number;
  /** Requests to CloudWatch's API. */
  readonly metricRequests: number;
  /** Of each register: one read, and one write by the region that is active. */
  readonly registers?: boolean;
}

/** By the function's service name; whoever is not named here writes its metrics to its log and asks nothing that costs. */
export const TICK_CALLS: Readonly<Record<string, TickCalls>> = {
  heartbeat: { reads: 1, writes: 1, metricRequests: 1, registers: true },
  'primary-probe': { reads: 0, writes: 1, metricRequests: 1 },
  health: { reads: 3, writes: 1, metricRequests: 0 },
  reconciler: { reads: 4, writes: 0, metricRequests: 1 },
};
