import type { Evidence } from '../../../lambda/failover-orchestrator/guards';
import { roleChangeOf, type RunKind } from '../../../lambda/failover-orchestrator/plan';
import type { RunEvent, StepResult } from '../../../lambda/failover-orchestrator/run';
import { TICK } from '../world';
import type { Work } from './rest-of-plan';

/** What the guards would say to what a run finds out. */
export const FINDINGS = ['yes', 'no', 'ask-again', 'person'] as const;
export type Finding = (typeof FINDINGS)[number];

/** What a run finds out, so that its guards say just that. Milliseconds. */
function evidence(now: number, finding: Finding): Evidence {
  return {
    at: now,
    alarm: finding === 'no' ? 'not-red' : 'red',
    episode: 'the fault',
    maintenance: false,
    unhealthyForLong: false,
    witnessAnswers: finding !== 'ask-again',
    vantage: 'down',
    register: { known: true, activeRegion: 'primary', epoch: 1, released: false, lastRenewal: now - 3 * TICK },
    firstFailedProbe: now,
    lag:
      finding === 'person'
        ? { known: false, why: 'no answer' }
        : { known: true, sample: { calculatedAt: now, lagMs: 0 } },
    readiness: readinessOf(finding),
  };
}

/** Of what it does not know, and of what is certain, an operator's run asks this guard alone. */
function readinessOf(finding: Finding): Evidence['readiness'] {
  if (finding === 'ask-again') return { known: false, why: 'no answer' };
  return { known: true, blockers: finding === 'no' ? ['the database cluster here is stopped'] : [] };
}

/** What a switchover finds out; there is nothing that a person could accept instead of a guard. */
function switchoverEvidence(now: number, finding: Finding): Evidence {
  const isWell = finding === 'yes';
  return {
    ...evidence(now, 'yes'),
    register: {
      known: true,
      activeRegion: 'primary',
      epoch: 1,
      released: false,
      lastRenewal: now,
      verdict: { healthy: true, at: now, writableAt: now },
    },
    readiness: { known: true, blockers: [], checkedAt: now },
    switchover: {
      here: {
        known: true,
        value: {
          globalStatus: isWell || finding === 'no' ? 'available' : 'upgrading',
          isMember: finding !== 'no',
          isWriter: false,
          clusterStatus: 'available',
          isConnected: true,
        },
      },
      there: { known: true, value: { isWriter: true, clusterStatus: 'available' } },
      otherRun: { known: true, value: {} },
      swept: { known: true, value: { orders: now } },
      healthySince: { known: true, value: { since: 1 } },
    },
  };
}

/** What comes back from a command, and what the guards say to it. */
export type Answer = readonly [event: RunEvent, finding?: Finding];

/** Every answer to a command; the good one is the first. */
export function answers(command: Work, now: number, kind: RunKind = 'failover'): readonly Answer[] {
  switch (command.do) {
    case 'observe':
      if (kind === 'switchover') {
        return (['yes', 'no', 'ask-again'] as const).map((finding) => [
          { type: 'observed', now, evidence: switchoverEvidence(now, finding) },
          finding,
        ]);
      }
      return FINDINGS.map((finding) => [{ type: 'observed', now, evidence: evidence(now, finding) }, finding]);
    case 'claim':
      return [
        [{ type: 'claimed', now, result: { won: true, epoch: 2, openFrom: now } }],
        [{ type: 'claimed', now, result: { won: false, why: 'no majority' } }],
      ];
    case 'release':
      return [
        [{ type: 'released', now, ok: true }],
        [{ type: 'released', now, ok: false }],
        [{ type: 'released', now, ok: true, consumers: { why: 'no answer', isBusy: false } }],
      ];
    case 'step': {
      const { step } = command;
      const results: StepResult[] = [
        { kind: 'done', detail: 'done' },
        { kind: 'failed', detail: 'failed' },
        { kind: 'pending', detail: 'not yet' },
      ];
      if (step === 'switch-over')
        results.push({ kind: 'pending', detail: 'nothing to be seen', accepted: true, quiet: true });
      if (step === roleChangeOf(kind)) {
        results.push({ kind: 'pending', detail: 'accepted', accepted: true });
        results.push({ kind: 'pending', detail: 'no answer', unanswered: true });
      }
      if (step === 'promote') {
        results.push({ kind: 'pending', detail: 'not asked, and nothing to be seen', quiet: true });
        results.push({ kind: 'failed', detail: 'out of time', unanswered: true });
      }
      if (step === roleChangeOf(kind) || step === 'open' || step === 'end-writes')
        results.push({ kind: 'lost-epoch', detail: 'primary owns epoch 3' });
      return results.map((result) => [{ type: 'step', now, step, result }]);
    }
  }
}

function isUpgrading({ switchover }: Evidence): boolean {
  return switchover?.here.known === true && switchover.here.value.globalStatus !== 'available';
}

/** An answer that does not help; a release succeeds at last, because nothing else can be done without a majority either. */
export function isBad(event: RunEvent, kind: StepResult['kind']): boolean {
  switch (event.type) {
    case 'observed':
      return !event.evidence.witnessAnswers || isUpgrading(event.evidence);
    case 'claimed':
      return !event.result.won;
    case 'step':
      return event.result.kind === kind;
    case 'released':
    case 'resumed':
    case 'accepted':
    case 'abort':
    case 'replaced':
      return true;
  }
}

/** An answer as a line of a story says it. */
export function told(event: RunEvent, finding: Finding | undefined): string {
  switch (event.type) {
    case 'observed':
      return `the guards find: ${finding ?? ''}`;
    case 'claimed':
      return event.result.won ? `the claim is won: epoch ${event.result.epoch}` : 'the claim is lost';
    case 'step':
      return `${event.step}: ${event.result.kind} (${event.result.detail})`;
    case 'released':
      return event.ok ? 'the epoch is released' : 'the release has no majority';
    case 'resumed':
    case 'accepted':
    case 'abort':
    case 'replaced':
      return event.type;
  }
}
