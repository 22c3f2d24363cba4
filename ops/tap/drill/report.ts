import type { Machine, Stack } from '../context';
import { lineOf, refusal } from '../errors';
import { EXIT, type ExitCode } from '../exit-codes';
import type { RunAnswer } from '../orchestrator';
import type { Begun } from '../run/activate';
import { clockTime, duration } from '../run/times';
import type { Terminal } from '../terminal';
import { type DrillEnd, underWay } from './end';

/** One way of a drill. Times in milliseconds since 1970, durations in milliseconds. */
interface Leg {
  readonly to: string;
  readonly runId: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly tookMs: number | undefined;
  readonly outcome: string | undefined;
  readonly epoch: number | undefined;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly tookMs: number | undefined }[];
}

/** The report of one drill: there from before it begins, whatever becomes of it and of its terminal. */
export interface DrillReport {
  /** Puts the file where it will be. @throws TapError when it cannot be written; nothing has begun then. */
  readonly open: () => Promise<void>;
  /** How far the drill has come, for whoever finds the file when the terminal is gone. Never throws. */
  readonly update: (what: string) => Promise<void>;
  /** Writes how it ended and tells it. Never throws. @returns the drill's exit code. */
  readonly close: (end: DrillEnd) => Promise<ExitCode>;
}

/** What a report is about. */
export interface DrillReportArgs {
  /** @default drill-<stack>-<time>.json */
  readonly file: string | undefined;
  readonly who: string;
  /** The runs so far; looked at whenever the report is written. */
  readonly begun: readonly Begun[];
}

export function drillReport(
  { machine, terminal }: { readonly machine: Pick<Machine, 'now' | 'save'>; readonly terminal: Terminal },
  { name }: Pick<Stack, 'name'>,
  { file, who, begun }: DrillReportArgs,
): DrillReport {
  const stamp = new Date(machine.now()).toISOString().slice(0, 19).replaceAll(':', '-');
  const place = file ?? `drill-${name}-${stamp}.json`;
  const documentOf = ({ code, why, next }: DrillEnd) => ({
    form: 1,
    stack: name,
    who,
    at: machine.now(),
    passed: code === EXIT.done,
    why,
    next,
    legs: legsOf(begun),
  });
  const write = (document: object): Promise<string> => machine.save(place, `${JSON.stringify(document, null, 2)}\n`);
  return {
    async open() {
      try {
        await write(documentOf(underWay('the drill was about to begin')));
      } catch (error) {
        throw refusal(
          `the report cannot be written to ${place}: ${lineOf(error)}. Name another file: --report FILE. Nothing was changed`,
        );
      }
    },
    async update(what) {
      // What is wrong with the file now is told at the end, when there is somebody to read it.
      await write(documentOf(underWay(what))).catch(() => undefined);
    },
    async close(end) {
      const document = documentOf(end);
      const written = await write(document).catch((error: unknown) => ({ lost: lineOf(error) }));
      const isWritten = typeof written === 'string';
      terminal.result({ ...document, ...(isWritten ? { file: written } : { notWritten: written.lost }) });
      tell(document, isWritten ? `report: ${written}` : `the report could not be written to ${place}: ${written.lost}`);
      if (isWritten) return end.code;
      if (!terminal.json) terminal.line(JSON.stringify(document, null, 2));
      return end.code === EXIT.done ? EXIT.failed : end.code;
    },
  };

  function tell({ passed, at, legs, why, next }: ReturnType<typeof documentOf>, where: string): void {
    terminal.line(`${passed ? 'Drill passed' : 'Drill not passed'}, ${clockTime(at)}; ${where}`);
    for (const { to, tookMs, outcome } of legs) {
      terminal.line(`  to ${to}: ${outcome ?? 'not ended'}${tookMs === undefined ? '' : ` after ${duration(tookMs)}`}`);
    }
    if (!passed) terminal.line(`  why:  ${why}`);
    if (next !== undefined) terminal.line(`  next: ${next}`);
  }
}

function legsOf(begun: readonly Begun[]): readonly Leg[] {
  return begun.flatMap(({ followed }) => (followed.kind === 'run' ? [legOf(followed.run)] : []));
}

function legOf({ region, runId, startedAt, endedAt, outcome, epoch, steps }: RunAnswer): Leg {
  return {
    to: region,
    runId,
    startedAt,
    endedAt,
    tookMs: endedAt === undefined ? undefined : endedAt - startedAt,
    outcome,
    epoch,
    steps: steps.map(({ name, status, startedAt: from, endedAt: to }) => ({
      name,
      status,
      tookMs: from === undefined || to === undefined ? undefined : to - from,
    })),
  };
}
