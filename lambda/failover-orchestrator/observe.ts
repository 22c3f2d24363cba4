import type { AlarmState, AlarmsPort } from '../shared/alarm-states';
import { monitorAnswer, type MonitorAnswer } from '../shared/calls';
import type { FunctionCalls } from '../shared/invoke';
import type { CurrentRun } from '../shared/current-run';
import type { LocalItem, LocalItems } from '../shared/local-items';
import type { RegisterKeeper } from '../shared/register-keeper';
import type { RegisterView } from '../shared/register/protocol';
import { standingBlockers } from '../shared/stored-blockers';
import { type Answered, answered } from './answered';
import { blockersOf } from './blockers';
import type { GlobalDatabase, GlobalDatabaseLook } from './global-database';
import type { Evidence } from './guards';
import { createObserveSwitchover } from './observe-switchover';
import type { RunKind } from './plan';
import type { VantagePort } from '../shared/vantage';

/** Everybody who is asked before a run decides. */
export interface ObservePorts {
  readonly registers: Pick<RegisterKeeper, 'view'>;
  readonly alarms: AlarmsPort;
  readonly vantage: VantagePort;
  readonly items: LocalItems;
  readonly database: Pick<GlobalDatabase, 'look'>;
  readonly calls: Pick<FunctionCalls, 'ask'>;
  /** The other region: what only a switchover asks. */
  readonly there: {
    readonly database: Pick<GlobalDatabase, 'look'>;
    readonly run: CurrentRun;
    readonly items: LocalItems;
  };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is asked for. */
export interface ObserveSettings {
  readonly otherRegion: string;
  /** Undefined without a witness. */
  readonly witness?: string;
  readonly triggerAlarm: string;
  readonly maintenanceAlarm: string;
  /** Red when the other region has long said of itself that it does not work. */
  readonly unhealthyAlarm: string;
  readonly monitorFunction: string;
}

/** What the journal that the caller holds says of the run and of those before it. Times in milliseconds since 1970. */
export interface ObservedFor {
  readonly kind: RunKind;
  readonly lastFailoverAt?: number;
  readonly lastChangeAt?: number;
}

/** What a run knows. */
export type Observe = (before: ObservedFor) => Promise<Evidence>;

/** How long anybody may take, in milliseconds; they are asked side by side, so this is also how long all of it takes. */
export const ANSWER_MS = 4_000;

/** How old the readiness checks' word may be, in milliseconds: they run every 5 minutes. */
const READINESS_MS = 900_000;

/** Asks everybody at once; who does not answer is evidence too. */
export function createObserve(ports: ObservePorts, settings: ObserveSettings): Observe {
  const { registers, alarms, vantage, items, database, calls, now } = ports;
  const { triggerAlarm, maintenanceAlarm, unhealthyAlarm, monitorFunction } = settings;

  const observeSwitchover = createObserveSwitchover(ports);

  return async ({ kind, lastFailoverAt, lastChangeAt }) => {
    // Before the first question: what is old then is not made older by slow answers.
    const at = now();
    const [seen, states, heard, probe, readiness, look, sample, switchover] = await Promise.all([
      answered(ANSWER_MS, 'the registers', () => registers.view()),
      answered(ANSWER_MS, 'CloudWatch', () => alarms.read([triggerAlarm, maintenanceAlarm, unhealthyAlarm])),
      answered(ANSWER_MS, 'DNS', () => vantage.read()),
      answered(ANSWER_MS, 'the local item probe', () => items.get('probe')),
      answered(ANSWER_MS, 'the local item readiness', () => items.get('readiness')),
      answered(ANSWER_MS, 'RDS', () => database.look()),
      answered(ANSWER_MS, 'the replication monitor', () =>
        calls.ask(monitorFunction, { action: 'sample' }, monitorAnswer, ANSWER_MS),
      ),
      kind === 'switchover' ? observeSwitchover(at, lastChangeAt) : undefined,
    ]);
    const alarm: AlarmState = states.ok ? states.value(triggerAlarm) : { says: 'unknown' };
    const firstFailedProbe = probe.ok ? probe.value?.firstFailedAt : undefined;
    return {
      at,
      alarm: alarm.says,
      episode: episodeOf(alarm, at),
      maintenance: states.ok && states.value(maintenanceAlarm).says === 'red',
      unhealthyForLong: states.ok && states.value(unhealthyAlarm).says === 'red',
      witnessAnswers: seen.ok && answers(seen.value.view, settings.witness),
      vantage: heard.ok ? heard.value : 'unknown',
      register: seen.ok ? registerOf(seen.value.view, settings.otherRegion) : { known: false, why: seen.why },
      ...(firstFailedProbe !== undefined && { firstFailedProbe }),
      lag: lagOf(sample),
      readiness: readinessOf(readiness, look, at),
      ...(lastFailoverAt !== undefined && { lastFailoverAt }),
      ...(switchover && { switchover }),
    };
  };
}

/**
 * Names the time since the alarm turned red. While it is not red, or nobody knows, an hour is an episode: a refusal is then
 * told again in the next one.
 */
function episodeOf({ says, since }: AlarmState, at: number): string {
  if (says === 'red' && since !== undefined) return `red since ${new Date(since).toISOString()}`;
  return `${says} in ${new Date(at).toISOString().slice(0, 'yyyy-mm-ddThh'.length)}`;
}

function answers(view: RegisterView, witness: string | undefined): boolean {
  return witness === undefined || view.known.some(({ location }) => location === witness);
}

function registerOf(
  { ownership, lastRenewal, verdict, leaseEnds }: RegisterView,
  otherRegion: string,
): Evidence['register'] {
  if (ownership.kind === 'unknown') return { known: false, why: ownership.why };
  const { activeRegion, epoch, released, contestedBy } = ownership;
  const otherLeaseEnd = leaseEnds[otherRegion];
  return {
    known: true,
    activeRegion,
    epoch,
    released,
    lastRenewal,
    ...(verdict && { verdict }),
    ...(contestedBy !== undefined && { contestedBy }),
    ...(otherLeaseEnd !== undefined && { otherLeaseEnd }),
  };
}

function lagOf(sample: Answered<MonitorAnswer>): Evidence['lag'] {
  if (!sample.ok) return { known: false, why: sample.why };
  switch (sample.value.kind) {
    case 'follows': {
      const { calculatedAt, lagMs } = sample.value;
      return { known: true, sample: { calculatedAt, lagMs } };
    }
    case 'writes':
      // Since when is not known, and with it not what the other region committed meanwhile.
      return { known: false, why: 'the database here is the writer already' };
    case 'unknown':
      return { known: false, why: sample.value.why };
  }
}

/**
 * RDS's own word of now, and of the checks' word, while that is fresh, what RDS does not say itself; known when one of them is.
 * What RDS has just shown to be well, no check's word of minutes ago can refuse.
 */
function readinessOf(
  item: Answered<LocalItem<'readiness'> | undefined>,
  look: Answered<GlobalDatabaseLook>,
  at: number,
): Evidence['readiness'] {
  const checked = item.ok && item.value && at - item.value.at <= READINESS_MS ? item.value : undefined;
  if (!checked && !look.ok) return { known: false, why: look.why };
  const seen = look.ok ? blockersOf(look.value) : [];
  // An item of an older version does not say which check found what.
  const stored = checked?.failed ? standingBlockers(checked.failed, look.ok) : (checked?.blockers ?? []);
  const blockers = [...new Set([...stored, ...seen])];
  return { known: true, blockers, ...(checked && { checkedAt: checked.at }) };
}
