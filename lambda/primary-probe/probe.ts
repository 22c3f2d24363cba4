import type { HttpClient } from '../shared/http-client';
import type { LocalItem, LocalItems } from '../shared/local-items';
import type { SignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import type { TickClock } from '../shared/ticks';
import { followRequest, type ProbedWorkload, type ProbeOutcome, probeRequestOf } from './probe-request';

/** What probing touches. */
export interface ProbePorts extends TickClock {
  /** A client of its own for every probe: a connection that was kept over a pause may be half open. */
  readonly connect: () => HttpClient;
  readonly items: LocalItems;
  readonly signals: SignalPublisher;
  readonly telemetry: Telemetry;
  readonly targetUrl: string;
  readonly workload: ProbedWorkload;
  /** A UUID that nobody outside can foretell, another one for each call. */
  readonly newId: () => string;
}

/** After a longer silence of the probe nobody knows whether its orders failed all the while, in milliseconds. */
const GAP_MS = 60_000;

/**
 * What is known after a probe that began at `at`; since when it fails is only there while it does. After a gap the failures
 * begin anew: a fault that is taken for older than it is makes the estimated loss too small.
 */
export function nextProbe(
  last: LocalItem<'probe'> | undefined,
  { good, why }: ProbeOutcome,
  at: number,
): LocalItem<'probe'> {
  if (good) return { at, lastGoodAt: at, why };
  const isNext = last !== undefined && at - last.at <= GAP_MS;
  const firstFailedAt = (isNext ? last.firstFailedAt : undefined) ?? at;
  return { at, lastGoodAt: last?.lastGoodAt ?? 0, firstFailedAt, why };
}

/**
 * Probes once per call; for one invocation, because another one may have gone on where this environment stopped. An invocation
 * that Lambda repeats sends requests of its own: what an earlier one had settled would say nothing about now.
 */
export function createProbe(ports: ProbePorts): () => Promise<void> {
  const { items, signals, telemetry, now } = ports;
  let last: LocalItem<'probe'> | undefined;
  let isLoaded = false;

  async function load(): Promise<void> {
    if (isLoaded) return;
    try {
      last ??= await items.get('probe');
      isLoaded = true;
    } catch (error) {
      telemetry.error('the last probe cannot be read', error);
    }
  }

  return async () => {
    const at = now();
    const [outcome] = await Promise.all([probeOnce(ports), load()]);
    const next = nextProbe(last, outcome, at);
    if (outcome.good !== (last?.firstFailedAt === undefined)) {
      telemetry.warn(outcome.good ? 'the probe is good again' : 'the probe fails', { why: outcome.why });
    }
    last = next;
    // Side by side, and each by itself: the alarm must not wait for the item, nor the item for the alarm.
    await Promise.all([
      signals
        .publish({ ProbeFailed: outcome.good ? 0 : 1 }, at)
        .catch((error: unknown) => telemetry.error('the probe was not published', error)),
      items.put('probe', next).catch((error: unknown) => telemetry.error('the probe was not recorded', error)),
    ]);
  };
}

async function probeOnce(ports: ProbePorts): Promise<ProbeOutcome> {
  const http = ports.connect();
  try {
    return await followRequest({ ...ports, http }, probeRequestOf(ports.workload, ports.newId()));
  } finally {
    http.close();
  }
}
