import { z } from 'zod';
import { secondsOfLoss } from '../../../lambda/shared/time-words';
import { type Context, named, regionFrom, type Stack } from '../context';
import { readEvidence, type RegionEvidence, type ShownReport } from '../evidence/chain';
import { EXIT } from '../exit-codes';
import { clockTime, duration } from '../run/times';
import { defineVerb } from '../verb';

export const evidence = defineVerb({
  name: 'evidence',
  summary: 'prove that the reports of all runs are complete and unchanged',
  description:
    'Reads the reports of every run from the journals of both regions and verifies them: each has the content that its ' +
    'fingerprint was made of, each names the one before it, none is missing, and the object in the audit bucket is the same. ' +
    'Changes nothing. Exit code 1 says that something was changed or is missing, or that the run that you named has no report; ' +
    '4 that something could not be read, so that nothing is proven.',
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
    for (const { region, evidence: read } of found) {
      if (read.ok) tell(context, stack, read.value, runId);
      else terminal.line(`${named(stack, region)}: ${terminal.paint('warn', `not known: ${read.why}`)}`);
    }
    const known = found.flatMap(({ evidence: read }) => (read.ok ? [read.value] : []));
    const isUnknown = runId !== undefined && !known.some(({ reports }) => reports.some((one) => one.runId === runId));
    const isPartial = known.length < found.length || known.some(({ unread }) => unread.length > 0);
    if (isUnknown) terminal.line(unknownLine(runId, known.length < found.length));
    else if (isPartial)
      terminal.line('Not everything could be read: this is no proof. Mend what is named, then again.');
    terminal.result({ regions: found, ...(isUnknown && { unknownRun: runId }) });
    if (known.some(({ faults }) => faults.length > 0)) return EXIT.failed;
    if (isPartial) return EXIT.unreachable;
    return isUnknown ? EXIT.failed : EXIT.done;
  },
});

function unknownLine(runId: string, isRegionSilent: boolean): string {
  return isRegionSilent
    ? `It is not known whether there is a report of run ${runId}: a region does not answer.`
    : `There is no report of run ${runId}: npx tap evidence lists those that there are.`;
}

/** Shows a region's reports, and what is wrong with them. */
function tell(
  { terminal }: Context,
  stack: Stack,
  { region, reports, faults, copies, unread }: RegionEvidence,
  runId: string | undefined,
): void {
  const verdict =
    faults.length === 0
      ? terminal.paint('good', reports.length === 0 ? 'no run has ended yet' : 'the chain holds')
      : terminal.paint('bad', faults.length === 1 ? '1 fault' : `${faults.length} faults`);
  const compared = `${copies} of ${reports.length} objects in the bucket compared`;
  const bucket = reports.length === 0 ? '' : `; ${unread.length === 0 ? compared : terminal.paint('warn', compared)}`;
  const count = reports.length === 1 ? '1 report' : `${reports.length} reports`;
  terminal.line(`${terminal.paint('strong', named(stack, region))}: ${count}, ${verdict}${bucket}`);
  for (const { number, why } of faults) terminal.line(`  ${terminal.paint('bad', `report ${number}`)}: ${why}`);
  for (const line of unread) terminal.line(`  ${terminal.paint('warn', 'not compared')}: ${line}`);
  for (const one of reports) if (runId === undefined || one.runId === runId) terminal.line(`  ${reportLine(one)}`);
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
