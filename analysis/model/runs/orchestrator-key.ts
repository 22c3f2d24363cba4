import type { StepName } from '../../../lambda/failover-orchestrator/plan';
import type { RunState, StepResult } from '../../../lambda/failover-orchestrator/run';
import { KeyWriter } from '../key';
import { REGIONS } from '../world';
import type { OrchestratorBounds, State } from './orchestrator-state';

const PHASES = { observing: 0, 'waiting-for-person': 1, claiming: 2, acting: 3, releasing: 4, ended: 5 } as const;
const OUTCOMES = { DONE: 1, REFUSED: 2, ABORTED: 3, STUCK: 4, DRY_RUN: 5 } as const;
const STATUSES = { waiting: 0, started: 1, done: 2, failed: 3 } as const;
const DOINGS = { observe: 0, claim: 1, step: 2, release: 3 } as const;

/** The steps that are not done at once. */
const STEPS: readonly StepName[] = ['promote', 'open', 'end-writes', 'switch-over'];

/** Longer ago than any time that a run goes by, in ticks. */
const LONG_AGO = -6;

function resultBits(result: StepResult): number {
  const { kind } = result;
  if (kind !== 'pending' && kind !== 'failed') return kind.length;
  const accepted = kind === 'pending' && result.accepted === true;
  return (
    kind.length + (accepted ? 32 : 0) + (kind === 'pending' && result.quiet ? 64 : 0) + (result.unanswered ? 128 : 0)
  );
}

/** A run is in the key as far as a decision or an invariant goes by it. */
export function orchestratorKey({ runsIn }: OrchestratorBounds): (state: State) => string {
  const key = new KeyWriter();

  function pushRun(run: RunState): void {
    key.push(PHASES[run.phase] * 8 + (run.outcome ? OUTCOMES[run.outcome] : 0));
    key.push(
      (run.claim?.epoch ?? 0) * 8 +
        (run.promotionAccepted ? 4 : 0) +
        (run.abortBy !== undefined ? 2 : 0) +
        (run.accepted ? 1 : 0),
    );
    key.push(run.claimedAbove ?? 0);
    if (run.phase === 'ended') return;
    key.push(STATUSES[run.steps.promote.status] * 4 + STATUSES[run.steps.open.status] + run.claimAttempts * 16);
    if (run.kind === 'switchover') {
      const { 'end-writes': ending, 'switch-over': switching } = run.steps;
      key.push(64 + STATUSES[ending.status] * 4 + STATUSES[switching.status]);
      key.time(run.quietSince, LONG_AGO);
      key.time(switching.startedAt, LONG_AGO);
    } else {
      key.time(run.unansweredAt, LONG_AGO);
      key.time(run.quietSince, LONG_AGO);
      key.push(run.givesUp === undefined ? 0 : 1);
    }
    if (run.phase === 'observing') key.time(run.askedSince, LONG_AGO);
    else if (run.phase === 'claiming') key.time(run.evidence?.at, LONG_AGO);
    else key.time(run.claim?.wonAt, LONG_AGO);
  }

  return (state) => {
    const { offsets, locals, aurora, journals, invocations } = state;
    key.begin(state);
    key.push(offsets.primary * 4 + offsets.dr + 8);
    key.push(state.stallsLeft);
    key.push(state.startsLeft * 16 + state.faultsLeft * 4 + state.abortsLeft);
    key.push(
      (state.alarm === 'red' ? 1 : 0) +
        (aurora.writer === 'dr' ? 2 : 0) +
        (aurora.writable.primary ? 4 : 0) +
        (aurora.writable.dr ? 8 : 0),
    );
    key.push(
      (aurora.towards === undefined ? 0 : aurora.towards === 'dr' ? 1 : 2) +
        (aurora.kind === 'switchover' ? 4 : 0) +
        (aurora.isOwners ? 8 : 0) +
        (aurora.late === undefined ? 0 : (aurora.late.towards === 'dr' ? 16 : 32) + (aurora.late.isOwners ? 64 : 0)),
    );
    key.push(aurora.late === undefined ? 0 : aurora.late.until - state.tick + 1);
    key.push(state.won.primary);
    key.push(state.won.dr);
    for (const region of REGIONS) {
      const item = locals[region];
      key.push(item ? item.epoch * 4 + (item.closed ? 2 : 0) + (item.activeRegion === region ? 1 : 0) : 0);
      key.time(item?.leaseEnd, offsets[region] - 1);
    }
    for (const record of state.registers) {
      key.record(record);
      key.time(record.renewedAt, -4);
      key.push(record.verdict ? (record.verdict.writableAt >= record.verdict.at ? 1 : 2) : 0);
      key.time(record.verdict?.at, -5);
      key.push(
        REGIONS.reduce(
          (bits, region, i) => (journals[region]?.state.runId === record.claimId ? bits | (1 << i) : bits),
          0,
        ),
      );
    }
    for (const region of runsIn) {
      const journal = journals[region];
      if (!journal) key.push(255);
      else {
        pushRun(journal.state);
        key.push(journal.abortWished ? 1 : 0);
        key.time(journal.ownedUntil, offsets[region]);
      }
    }
    for (const { region, epoch, leaseEnd } of state.known) {
      key.push(epoch * 2 + (region === 'dr' ? 1 : 0));
      key.time(leaseEnd, -9);
    }
    for (const invocation of invocations) {
      key.column();
      const { region, run, results, todo } = invocation;
      const isOwner = journals[region]?.revision === invocation.revision;
      key.push(
        (region === 'dr' ? 1 : 0) +
          (isOwner ? 2 : 0) +
          (invocation.ordering ? 4 : 0) +
          (invocation.unsaved ? 8 : 0) +
          (invocation.stalled ? 16 : 0) +
          (invocation.freed ? 32 : 0),
      );
      key.push(invocation.opening?.epoch ?? 0);
      key.time(invocation.opening?.leaseEnd, LONG_AGO);
      pushRun(run);
      key.push(state.registers.reduce((bits, { claimId }, i) => (claimId === run.runId ? bits | (1 << i) : bits), 0));
      for (const command of todo)
        key.push(DOINGS[command.do] * 8 + (command.do === 'step' ? STEPS.indexOf(command.step) + 1 : 0));
      key.push(254);
      for (const event of results) {
        key.push(event.type.length);
        if (event.type === 'claimed') key.push(event.result.won ? event.result.epoch : 0);
        else if (event.type === 'step') {
          key.push(STEPS.indexOf(event.step) + 1);
          key.push(resultBits(event.result));
        } else if (event.type === 'released') key.push(event.ok ? 1 : 0);
        key.time(event.now, LONG_AGO);
      }
    }
    return key.text();
  };
}
