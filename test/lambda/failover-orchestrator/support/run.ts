import { beginRun, decide } from '../../../../lambda/failover-orchestrator/decide';
import type { Evidence } from '../../../../lambda/failover-orchestrator/guards';
import {
  type Command,
  RUN_CONSTANTS,
  type RunEvent,
  type RunPolicy,
  type RunState,
} from '../../../../lambda/failover-orchestrator/run';

export const PRIMARY = 'eu-central-1';
export const DR = 'eu-central-2';

/** When the tests happen. */
export const NOW = Date.UTC(2026, 10, 26, 3, 0);

export const POLICY: RunPolicy = { ...RUN_CONSTANTS, region: DR, mode: 'automatic', rpoMs: 60_000 };

export const ALARM = { kind: 'alarm' } as const;
export const OPERATOR = { kind: 'operator', who: 'ada', force: false } as const;

/** Primary is lost: what dr then knows. Every guard says yes to it. */
export function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    at: NOW,
    alarm: 'red',
    episode: 'red since 2026-11-26T02:59:50.000Z',
    maintenance: false,
    unhealthyForLong: false,
    witnessAnswers: true,
    vantage: 'down',
    register: { known: true, activeRegion: PRIMARY, epoch: 1, released: false, lastRenewal: NOW - 40_000 },
    firstFailedProbe: NOW - 45_000,
    lag: { known: true, sample: { calculatedAt: NOW - 41_000, lagMs: 300 } },
    readiness: { known: true, blockers: [] },
    ...change,
  };
}

/** Everything is well, and dr may take over without loss: what dr then knows. Every guard of a switchover says yes to it. */
export function wellEvidence(
  change: Partial<Evidence> = {},
  asked: Partial<NonNullable<Evidence['switchover']>> = {},
  at = NOW,
): Evidence {
  return evidence({
    at,
    alarm: 'not-red',
    vantage: 'up',
    register: register({
      lastRenewal: at - 5_000,
      verdict: { healthy: true, at: at - 5_000, writableAt: at - 5_000 },
    }),
    lag: { known: true, sample: { calculatedAt: at - 1_000, lagMs: 300 } },
    readiness: { known: true, blockers: [], checkedAt: at - 60_000 },
    switchover: {
      here: {
        known: true,
        value: {
          globalStatus: 'available',
          isMember: true,
          isWriter: false,
          clusterStatus: 'available',
          isConnected: true,
        },
      },
      there: { known: true, value: { isWriter: true, clusterStatus: 'available' } },
      otherRun: { known: true, value: {} },
      swept: { known: true, value: { orders: at - 25_000, payments: at - 30_000 } },
      healthySince: { known: true, value: { since: at - 300_000 } },
      ...asked,
    },
    ...change,
  });
}

/** The register with something else in it. */
export function register(change: Partial<Extract<Evidence['register'], { known: true }>>): Evidence['register'] {
  return { known: true, activeRegion: PRIMARY, epoch: 1, released: false, lastRenewal: NOW - 40_000, ...change };
}

/** A run as it is when everything has been said to it, one after the other. */
export function after(
  events: readonly RunEvent[],
  change: Partial<Pick<RunState, 'kind' | 'trigger' | 'dryRun' | 'accepted'>> = {},
  policy: RunPolicy = POLICY,
): { readonly state: RunState; readonly commands: readonly Command[] } {
  const begun = beginRun({ runId: 'run-1', trigger: ALARM, dryRun: false, ...change }, policy, NOW);
  return events.reduce(({ state }, event) => decide(state, event, policy), begun);
}

export const observed = (change: Partial<Evidence> = {}, now = NOW): RunEvent => ({
  type: 'observed',
  now,
  evidence: evidence(change),
});

export const won = (now = NOW + 1_000): RunEvent => ({
  type: 'claimed',
  now,
  result: { won: true, epoch: 2, openFrom: NOW + 25_000 },
});

export const lost = (now = NOW + 1_000): RunEvent => ({
  type: 'claimed',
  now,
  result: { won: false, why: 'contested' },
});

export const stepped = (
  step: Extract<RunEvent, { type: 'step' }>['step'],
  kind: 'done' | 'pending' | 'failed' | 'lost-epoch' = 'done',
  now = NOW + 2_000,
): RunEvent => ({ type: 'step', now, step, result: { kind, detail: `${step} ${kind}` } });

/** RDS has taken the order. */
export const accepted = (now = NOW + 2_000): RunEvent => ({
  type: 'step',
  now,
  step: 'promote',
  result: { kind: 'pending', accepted: true, detail: 'accepted' },
});

/** What is wanted, briefly: `claim`, `step promote`, `alert begun:run-1`. */
export function wants({ commands }: { readonly commands: readonly Command[] }): readonly string[] {
  return commands.map((command) => {
    if (command.do === 'step') return `step ${command.step}`;
    if (command.do === 'alert') return `alert ${command.key}`;
    return command.delayMs > 0 ? `${command.do} in ${command.delayMs}` : command.do;
  });
}
