import { z } from 'zod';
import { secondsOfLoss } from '../../../lambda/shared/time-words';
import { type Context, named, regionFrom, type Stack } from '../context';
import { usageError } from '../errors';
import { readEvidence, type RegionEvidence, type ShownReport } from '../evidence/chain';
import { EXIT, type ExitCode } from '../exit-codes';
import { clockTime, duration } from '../run/times';
import { defineVerb } from '../verb';

export const evidence = defineVerb({
  name: 'evidence',
  summary: 'prove that the reports of all runs are complete and unchanged',
  description:
    'Reads the reports of every run from the journals of both regions and verifies them: each has the content that its ' +
    'fingerprint was made of, each names the one before it, none is missing, and the object in the audit bucket is the same. ' +
    'Changes nothing. Exit code 1 says that something was changed or is missing.',
  examples: [
    ['npx tap evidence', 'all reports of both regions'],
    ['npx tap evidence 4c2c07d7-f3cc-47aa-8e27-fa541fcf95be', 'that the report of this run belongs to them'],
    ['npx tap evidence --region dr --json', 'the reports of one region, for a program'],
  ],
  declare: (command) =>
    command
      .argument('[run-id]', 'only this run is shown; all are verified, since a chain is only whole or broken')
      .option('--region <region>', 'only the reports of this region, by name or role (default: both)'),
  form: z.object({ region: z.string().optional(), arguments: z.array(z.string()) }),
  async run(context, { region: asked, arguments: [runId] }) {
    const { terminal } = context;
    const stack = await context.stack();
    const regions = asked === undefined ? stack.regions : [regionFrom(stack, '--region', asked)];
    const found = await Promise.all(
      regions.map(async (region) => ({ region, evidence: await readEvidence(context, stack, region) })),
    );
    let code: ExitCode = EXIT.done;
    for (const { region, evidence: read } of found) {
      if (read.ok) {
        if (tell(context, stack, read.value, runId)) code = EXIT.failed;
        continue;
      }
      terminal.line(`${named(stack, region)}: ${terminal.paint('warn', `not known: ${read.why}`)}`);
      if (code === EXIT.done) code = EXIT.unreachable;
    }
    const isKnown = found.some(
      ({ evidence: read }) => read.ok && read.value.reports.some((one) => one.runId === runId),
    );
    if (runId !== undefined && !isKnown && code === EXIT.done) {
      throw usageError(`there is no report of run ${runId}: npx tap evidence lists those that there are`);
    }
    terminal.result({ regions: found });
    return code;
  },
});

/** Shows a region's reports; true when something about them is wrong. */
function tell(
  { terminal }: Context,
  stack: Stack,
  { region, reports, faults, copies, unread }: RegionEvidence,
  runId: string | undefined,
): boolean {
  const verdict =
    faults.length === 0
      ? terminal.paint('good', reports.length === 0 ? 'no run has ended yet' : 'the chain holds')
      : terminal.paint('bad', faults.length === 1 ? '1 fault' : `${faults.length} faults`);
  const bucket = reports.length === 0 ? '' : `; ${copies} of ${reports.length} objects in the bucket compared`;
  terminal.line(
    `${terminal.paint('strong', named(stack, region))}: ${reports.length === 1 ? '1 report' : `${reports.length} reports`}, ${verdict}${bucket}`,
  );
  for (const { number, why } of faults) terminal.line(`  ${terminal.paint('bad', `report ${number}`)}: ${why}`);
  for (const line of unread) terminal.line(`  ${terminal.paint('warn', 'not compared')}: ${line}`);
  for (const one of reports) if (runId === undefined || one.runId === runId) terminal.line(`  ${reportLine(one)}`);
  return faults.length > 0;
}

function reportLine({ number, runId, startedAt, endedAt, trigger, outcome, why, epoch, lossMs }: ShownReport): string {
  const by = trigger.who ?? 'the alarm';
  const figures = [
    ...(epoch === undefined ? [] : [`epoch ${epoch}`]),
    ...(lossMs === undefined ? [] : [`estimated loss ${secondsOfLoss(lossMs)}`]),
  ];
  const also = figures.length === 0 ? '' : `; ${figures.join(', ')}`;
  return `${number}  ${clockTime(startedAt)}  run ${runId} by ${by}: ${outcome} after ${duration(endedAt - startedAt)} (${why})${also}`;
}
