import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { OutgoingCall } from './call-log';
import { canonicalJson } from './canonical-json';
import type { Evidence, GuardVerdict, Trigger } from './guards';
import { planOf, type RunKind, type StepName, type StepState } from './plan';
import type { Outcome, RunState } from './run';

/** What an auditor learns of one run (X14). Times in milliseconds since 1970, durations in milliseconds. */
export interface RunReport {
  /** The form of this report; a later one counts on. */
  readonly form: 1;
  readonly region: string;
  /** Its place in the chain of its region's reports, from 1. */
  readonly number: number;
  /** The hash of the report before it; empty in the first one. */
  readonly previousHash: string;
  readonly runId: string;
  /** What the run was; reports without it are of failovers. */
  readonly kind: RunKind;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Who or what asked for it. */
  readonly trigger: Trigger;
  readonly outcome: Outcome;
  readonly why: string;
  /** What was known, and what the guards said to it, when it was decided. */
  readonly evidence?: Evidence;
  readonly verdicts: readonly GuardVerdict[];
  /** The loss that a person accepted; `unlimited` where nobody knew it. */
  readonly accepted?: { readonly who: string; readonly lossMs: number | 'unlimited' };
  readonly abortBy?: string;
  /** Whose failover has taken its place; and of that one, the run whose place it took. */
  readonly replacedBy?: string;
  readonly replaces?: string;
  readonly epoch?: number;
  /** The first sign of the fault. */
  readonly faultAt?: number;
  /** From there until this region wrote again, and until an order of ours was processed. */
  readonly openAfterMs?: number;
  readonly recoveredAfterMs?: number;
  /** Of a switchover: from the claim, which takes the other region's right to write, until this region wrote. */
  readonly writePauseMs?: number;
  /** The estimate: acknowledged commits that may be lost. */
  readonly lossMs?: number;
  readonly steps: readonly ({ readonly name: StepName } & StepState)[];
  readonly calls: readonly OutgoingCall[];
}

/** A report as it is stored: the hash is that of the report's canonical JSON. */
export interface SealedReport {
  readonly hash: string;
  readonly report: RunReport;
}

/** A report's place in the chain. */
export type ChainPlace = Pick<RunReport, 'number' | 'previousHash'>;

/** Writes up a run that has ended, or one whose last step is its report. */
export function reportOf(state: RunState, calls: readonly OutgoingCall[], place: ChainPlace, now: number): RunReport {
  const { faultAt, steps, accepted } = state;
  const after = (end: number | undefined) =>
    faultAt === undefined || end === undefined ? undefined : Math.max(0, end - faultAt);
  const openAfterMs = after(endOf(steps.open));
  const recoveredAfterMs = after(endOf(steps.verify));
  const pauseMs = writePauseMs(state);
  return {
    form: 1,
    region: state.region,
    ...place,
    runId: state.runId,
    kind: state.kind,
    startedAt: state.startedAt,
    endedAt: state.endedAt ?? now,
    trigger: state.trigger,
    // The report is the last step of the plan: where it is written before the end, there is nothing left that could fail.
    outcome: state.outcome ?? 'DONE',
    why: state.why ?? `${state.region} is active`,
    ...(state.evidence && { evidence: state.evidence }),
    verdicts: state.verdicts,
    ...(accepted && {
      accepted: { who: accepted.who, lossMs: Number.isFinite(accepted.lossMs) ? accepted.lossMs : 'unlimited' },
    }),
    ...(state.abortBy !== undefined && { abortBy: state.abortBy }),
    ...(state.replacedBy !== undefined && { replacedBy: state.replacedBy }),
    ...(state.replaces !== undefined && { replaces: state.replaces }),
    ...(state.claim && { epoch: state.claim.epoch }),
    ...(faultAt !== undefined && { faultAt }),
    ...(openAfterMs !== undefined && { openAfterMs }),
    ...(recoveredAfterMs !== undefined && { recoveredAfterMs }),
    ...(pauseMs !== undefined && { writePauseMs: pauseMs }),
    ...(state.lossMs !== undefined && { lossMs: state.lossMs }),
    steps: planOf(state.kind).map(({ name }) => ({ name, ...steps[name] })),
    calls,
  };
}

/** How long nobody could write in a switchover, in milliseconds; undefined before it is known. */
export function writePauseMs({ kind, claim, steps }: RunState): number | undefined {
  const open = endOf(steps.open);
  return kind === 'switchover' && claim && open !== undefined ? Math.max(0, open - claim.wonAt) : undefined;
}

function endOf({ status, endedAt }: StepState): number | undefined {
  return status === 'done' ? endedAt : undefined;
}

/** Gives a report its hash. */
export function seal(report: RunReport): SealedReport {
  return { hash: hashOf(report), report };
}

/** Where a report is stored: in the order in which runs began. */
export function reportKey({ startedAt, runId }: Pick<RunReport, 'startedAt' | 'runId'>): string {
  return `runs/${new Date(startedAt).toISOString().replaceAll(':', '-')}-${runId}.json`;
}

function hashOf(report: unknown): string {
  return createHash('sha256').update(canonicalJson(report)).digest('hex');
}

/** Something about a chain of reports that is not as this function wrote it. */
export interface ChainFault {
  readonly region: string;
  readonly number: number;
  readonly why: string;
}

const sealedForm = z.object({
  hash: z.string(),
  report: z.looseObject({ region: z.string(), number: z.int(), previousHash: z.string() }),
});

type Link = z.output<typeof sealedForm>;

/**
 * Whether reports are what was written: each has its hash, each names the one before it, and none is missing. Reports of both
 * regions may come together and in any order: each region has a chain of its own.
 *
 * @param heads the hash of the newest report of each region, from its journal: without it, missing newest ones stay unnoticed.
 * @returns every fault; nothing when the chain holds.
 */
export function verifyChain(
  reports: readonly unknown[],
  heads: Readonly<Record<string, string>> = {},
): readonly ChainFault[] {
  const parsed = reports.map((report) => z.safeParse(sealedForm, report));
  const malformed = parsed.flatMap(({ success }, index) =>
    success ? [] : [{ region: 'unknown', number: index, why: 'this is no report' }],
  );
  const links = parsed.flatMap(({ data }) => (data ? [data] : []));
  const regions = [...new Set([...links.map(({ report }) => report.region), ...Object.keys(heads)])].sort();
  return [
    ...malformed,
    ...regions.flatMap((region) =>
      faultsIn(
        region,
        links.filter(({ report }) => report.region === region),
        heads[region],
      ),
    ),
  ];
}

function faultsIn(region: string, links: readonly Link[], head: string | undefined): readonly ChainFault[] {
  const ordered = [...links].sort((one, other) => one.report.number - other.report.number);
  const faults: ChainFault[] = [];
  let previous: { readonly number: number; readonly hash: string } = { number: 0, hash: '' };
  for (const { hash, report } of ordered) {
    const fault = (why: string) => faults.push({ region, number: report.number, why });
    if (hashOf(report) !== hash) fault('its content is not what the hash was made of');
    if (report.number !== previous.number + 1) fault(`it follows number ${previous.number}`);
    else if (report.previousHash !== previous.hash) fault('it names another report before it');
    previous = { number: report.number, hash };
  }
  if (head !== undefined && head !== previous.hash) {
    faults.push({ region, number: previous.number, why: 'it is not the newest report that the journal knows' });
  }
  return faults;
}
