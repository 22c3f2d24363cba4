import * as z from 'zod/mini';
import { parseStored } from '../shared/stored';
import type { Acceptance } from './guards';
import { NOT_BEGUN } from './plan';
import type { RunState } from './run';

/** How JSON, which has no Infinity, holds the acceptance of a loss that nobody knows. */
const UNLIMITED = 'unlimited';

const time = z.number();

const step = z.looseObject({
  status: z.enum(['waiting', 'started', 'done', 'failed']),
  attempts: z.number(),
  startedAt: z.exactOptional(time),
  endedAt: z.exactOptional(time),
  detail: z.exactOptional(z.string()),
});

/** A step that earlier releases did not have. */
const newer = (name: 'end-writes' | 'switch-over' | 'lower-floor' | 'move-rpo-bound' | 'restore-consumers') =>
  z._default(step, { ...NOT_BEGUN[name] });

const trigger = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('alarm') }),
  z.looseObject({ kind: z.literal('operator'), who: z.string(), force: z.boolean() }),
]);

const unknown = z.looseObject({ known: z.literal(false), why: z.string() });

const fact = <S extends z.ZodMiniType>(value: S) =>
  z.discriminatedUnion('known', [unknown, z.looseObject({ known: z.literal(true), value })]);

const switchover = z.looseObject({
  here: fact(
    z.looseObject({
      globalStatus: z.string(),
      isMember: z.boolean(),
      isWriter: z.boolean(),
      clusterStatus: z.string(),
      isConnected: z.boolean(),
      inProgress: z.exactOptional(z.string()),
    }),
  ),
  there: fact(z.looseObject({ isWriter: z.boolean(), clusterStatus: z.string() })),
  otherRun: fact(z.looseObject({ standing: z.exactOptional(z.string()), lastChangeAt: z.exactOptional(time) })),
  lastChangeAt: z.exactOptional(time),
  swept: fact(z.looseObject({ orders: z.exactOptional(time), payments: z.exactOptional(time) })),
  healthySince: fact(z.looseObject({ since: z.exactOptional(time) })),
});

const evidence = z.looseObject({
  at: time,
  alarm: z.enum(['red', 'not-red', 'unknown']),
  episode: z.string(),
  maintenance: z.boolean(),
  unhealthyForLong: z.boolean(),
  witnessAnswers: z.boolean(),
  vantage: z.enum(['up', 'down', 'unknown']),
  register: z.discriminatedUnion('known', [
    unknown,
    z.looseObject({
      known: z.literal(true),
      activeRegion: z.string(),
      epoch: z.number(),
      released: z.boolean(),
      lastRenewal: time,
      verdict: z.exactOptional(z.looseObject({ healthy: z.boolean(), at: time, writableAt: time })),
      contestedBy: z.exactOptional(z.number()),
      otherLeaseEnd: z.exactOptional(time),
    }),
  ]),
  firstFailedProbe: z.exactOptional(time),
  lag: z.discriminatedUnion('known', [
    unknown,
    z.looseObject({
      known: z.literal(true),
      sample: z.looseObject({ calculatedAt: time, lagMs: z.number() }),
    }),
  ]),
  readiness: z.discriminatedUnion('known', [
    unknown,
    z.looseObject({ known: z.literal(true), blockers: z.array(z.string()), checkedAt: z.exactOptional(time) }),
  ]),
  lastFailoverAt: z.exactOptional(time),
  switchover: z.exactOptional(switchover),
});

const verdict = z.looseObject({
  guard: z.enum([
    'mode',
    'maintenance',
    'alarm',
    'register',
    'cooldown',
    'isolation',
    'readiness',
    'loss',
    'other-region',
    'other-run',
    'follower',
    'lag',
    'health',
    'reconciled',
  ]),
  says: z.enum(['yes', 'ask-again', 'person', 'no']),
  why: z.string(),
});

const acceptance = z.looseObject({
  who: z.string(),
  lossMs: z.union([
    z.number(),
    z.pipe(
      z.literal(UNLIMITED),
      z.transform(() => Infinity),
    ),
  ]),
});

/** Loose objects all the way: what this form does not know of must survive being read and written again. */
const runState = z.looseObject({
  runId: z.string(),
  // Of a release that knew no other kind.
  kind: z._default(z.enum(['failover', 'switchover']), 'failover'),
  region: z.string(),
  trigger,
  dryRun: z.boolean(),
  startedAt: time,
  phase: z.enum(['observing', 'waiting-for-person', 'claiming', 'acting', 'releasing', 'ended']),
  askedSince: time,
  evidence: z.exactOptional(evidence),
  verdicts: z.array(verdict),
  accepted: z.exactOptional(acceptance),
  waitsSince: z.exactOptional(time),
  faultAt: z.exactOptional(time),
  lossMs: z.exactOptional(z.number()),
  claimAttempts: z.number(),
  claim: z.exactOptional(z.looseObject({ epoch: z.number(), openFrom: time, wonAt: time })),
  steps: z.looseObject({
    'stop-consumers': step,
    'start-consumers': step,
    'end-writes': newer('end-writes'),
    promote: step,
    'switch-over': newer('switch-over'),
    'shift-traffic': step,
    'raise-floor': step,
    'lower-floor': newer('lower-floor'),
    'restore-consumers': newer('restore-consumers'),
    'move-rpo-bound': newer('move-rpo-bound'),
    open: step,
    reconcile: step,
    verify: step,
    announce: step,
    'record-change': step,
    report: step,
  }),
  promotionAccepted: z.boolean(),
  acceptedAt: z.exactOptional(time),
  unansweredAt: z.exactOptional(time),
  quietSince: z.exactOptional(time),
  givesUp: z.exactOptional(z.string()),
  saidSlow: z.exactOptional(z.literal(true)),
  restoreAttempts: z.exactOptional(z.number()),
  claimedAbove: z.exactOptional(z.number()),
  abortBy: z.exactOptional(z.string()),
  replacedBy: z.exactOptional(z.string()),
  replaces: z.exactOptional(z.string()),
  outcome: z.exactOptional(z.enum(['DONE', 'REFUSED', 'ABORTED', 'STUCK', 'DRY_RUN'])),
  why: z.exactOptional(z.string()),
  endedAt: z.exactOptional(time),
});

/** A run's state as the journal's text. */
export function writeState(state: RunState): string {
  return toText(state);
}

/** @throws MalformedError when the text is no state of a run. */
export function readState(text: string): RunState {
  return parseStored(runState, parseJson(text), 'the state of a run');
}

/** What a person accepts, as the journal's text. */
export function writeAcceptance(accepted: Acceptance): string {
  return toText(accepted);
}

/** @throws MalformedError when the text is no acceptance. */
export function readAcceptance(text: string): Acceptance {
  return parseStored(acceptance, parseJson(text), 'an acceptance');
}

function toText(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (part === Infinity ? UNLIMITED : part));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
