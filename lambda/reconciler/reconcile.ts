import type { AlarmsPort } from '../shared/alarm-states';
import { freshVerdict } from '../shared/compose-keeper';
import type { CurrentRun } from '../shared/current-run';
import { within } from '../shared/deadline';
import type { LocalItem, LocalItems } from '../shared/local-items';
import { type LeaseReading, mayWrite } from '../shared/may-write';
import type { RegisterKeeper } from '../shared/register-keeper';
import type { SignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { decideCall } from './decide';
import type { KindName } from './kinds';
import { type ItemReading, itemOf, type TickItems, type TickItemsPort } from './tick-items';

/** The sweep of one kind: under an epoch, and from how far the item says that was swept, tells how many without a row were found. */
export interface KindSweep {
  readonly kind: KindName;
  readonly sweep: (epoch: number, swept: LocalItem<'sweep'> | undefined) => Promise<number>;
}

/** What a tick touches. */
export interface ReconcilePorts {
  readonly registers: Pick<RegisterKeeper, 'renew'>;
  readonly tickItems: TickItemsPort;
  /** For what only the second renewal needs. */
  readonly items: Pick<LocalItems, 'get'>;
  readonly alarms: AlarmsPort;
  readonly run: CurrentRun;
  /** Calls the orchestrator without waiting for it. */
  readonly start: (request: object) => Promise<void>;
  /** Of the workloads that there are. */
  readonly sweeps: readonly KindSweep[];
  readonly signals: SignalPublisher;
  readonly telemetry: Telemetry;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly region: string;
  readonly leaseMs: number;
  readonly maintenanceAlarm: string;
  /** Undefined where no alarm starts a failover. */
  readonly triggerAlarm?: string;
}

/** How long any part of a tick may take, in milliseconds: the next tick is due after 10 s. */
const PART_MS = 8_000;

/** With less than this left of a lease, or two thirds of a shorter one, the heartbeat has missed its turns. */
const RENEW_BELOW_MS = 40_000;

/** Ticks of a minute: in one of them the number of those that wait is published even when it is none. */
const TICKS_PER_MINUTE = 6;

/** How long after the end of a freeze a 0 is put: with it the alarm is over in the next minute, without one only two minutes later. */
const THAW_MS = 180_000;

const WAITING = { orders: 'OrdersWaiting', payments: 'PaymentsWaiting' } as const;

/**
 * One tick. Its parts have nothing to do with each other: one that fails, or takes long, is logged and stops no other.
 *
 * @returns a function of the tick's number.
 */
export function createReconcile(ports: ReconcilePorts): (index: number) => Promise<void> {
  const { telemetry, tickItems } = ports;

  const part = (what: string, work: () => Promise<void>): Promise<void> =>
    within(PART_MS, what, work).catch((error: unknown) => telemetry.error(`${what} failed`, error));

  return async (index) => {
    const tick = await tickItems.read();
    await Promise.all([
      part('the second renewal', () => renew(ports, tick.lease)),
      part('the freeze', () => announceFreeze(ports, tick.freeze)),
      part('the call of the orchestrator', () => callOrchestrator(ports, tick.lease)),
      ...ports.sweeps.map((one) => part(`the sweep of ${one.kind}`, () => sweep(ports, one, tick, index))),
    ]);
  };
}

/** Renews in the heartbeat's place; the registers decide whether this region still may. */
async function renew({ registers, items, telemetry, now, region, leaseMs }: ReconcilePorts, reading: LeaseReading) {
  const onlyBelowMs = Math.min(RENEW_BELOW_MS, (leaseMs * 2) / 3);
  if (!reading.known || reading.lease.activeRegion !== region) return;
  if (reading.lease.leaseEnd - now() >= onlyBelowMs) return;
  const verdict = freshVerdict(await items.get('verdict').catch(() => undefined), now());
  const result = await registers.renew({ onlyBelowMs, ...(verdict && { verdict }) });
  telemetry.warn('the lease was renewed in place of the heartbeat', { ...result });
}

/** A freeze has an end and outlives the terminal it was typed on, so somebody who is always there has to put the metric. */
async function announceFreeze({ signals, now }: ReconcilePorts, reading: ItemReading<'freeze'>): Promise<void> {
  const freeze = itemOf(reading);
  const at = now();
  if (!freeze || at - freeze.until >= THAW_MS) return;
  await signals.publish({ Maintenance: at < freeze.until ? 1 : 0 }, at);
}

async function callOrchestrator(ports: ReconcilePorts, lease: LeaseReading): Promise<void> {
  const { alarms, run, start, telemetry, now, region, triggerAlarm, maintenanceAlarm } = ports;
  const [standing, states] = await Promise.all([
    run.read(),
    // Alarms that cannot be read must not keep a run from being resumed.
    triggerAlarm === undefined
      ? undefined
      : alarms.read([triggerAlarm, maintenanceAlarm]).catch((error: unknown) => {
          telemetry.error('the alarms cannot be read', error);
          return undefined;
        }),
  ]);
  const request = decideCall({
    now: now(),
    region,
    lease,
    run: standing,
    maintenance: states?.(maintenanceAlarm).says ?? 'unknown',
    ...(states && triggerAlarm !== undefined && { trigger: states(triggerAlarm).says }),
  });
  if (!request) return;
  await start(request);
  telemetry.info('the orchestrator was called', { ...request });
}

async function sweep(
  { now, region, signals }: ReconcilePorts,
  { kind, sweep: run }: KindSweep,
  { lease: reading, sweep: swept }: TickItems,
  index: number,
): Promise<void> {
  const permit = mayWrite({ reading, region, now: now(), deadline: now() });
  if (!permit.ok) return;
  const waiting = await run(permit.epoch, itemOf(swept));
  if (waiting > 0 || index % TICKS_PER_MINUTE === 0) await signals.publish({ [WAITING[kind]]: waiting }, now());
}
