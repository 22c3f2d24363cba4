import { z } from 'zod';
import { confirmByName, refuseYes } from '../confirm';
import { type Context, otherRegion, type Stack, whoIs } from '../context';
import { type DrillEnd, endOfWay, underWay } from '../drill/end';
import { type DrillReport, drillReport } from '../drill/report';
import { quiet, wayBack, type WayRequest } from '../drill/way-back';
import { lineOf } from '../errors';
import { EXIT } from '../exit-codes';
import { type Begun, begin } from '../run/activate';
import { conclude } from '../run/conclude';
import { targetOf } from '../run/target';
import { defineVerb, flagForm, whoForm } from '../verb';

export const drill = defineVerb({
  name: 'drill',
  summary: 'switch over to the other region and back, timed, with a report',
  description:
    'Proves on the live stack that the other region can do the work, and measures how long it takes. Clients notice a pause of ' +
    'writes twice. It takes half an hour or more: before the way back the guards want the platform settled. What cannot be asked ' +
    'meanwhile is asked again, for an hour. The report is written in any case, and says what to type next. When this terminal ' +
    'dies in between, the platform works on where it is: npx tap status, and npx tap switchover brings it back.',
  examples: [
    ['npx tap drill --dry-run', 'whether the first way may be gone; changes nothing'],
    ['npx tap drill', 'there and back, and a file drill-<stack>-<time>.json'],
    ['npx tap drill --confirm dev --json', 'the same in a scheduled pipeline'],
  ],
  declare: (command) =>
    command
      .option('--dry-run', 'ask and show everything, change nothing')
      .option('--report <file>', 'where the report goes (default: drill-<stack>-<time>.json)')
      .option('--who <name>', 'who does it (default: GITHUB_ACTOR, or user@host)')
      .option('--confirm <stack>', 'the stack’s name, where there is no terminal to type it on')
      .option('--yes', 'refused: this is never done without the stack’s name'),
  form: z.object({
    dryRun: flagForm,
    report: z.string().min(1).optional(),
    who: whoForm,
    confirm: z.string().optional(),
    yes: flagForm,
  }),
  async run(context, given) {
    refuseYes(given, 'drill');
    const stack = await context.stack();
    const request = { action: 'switchover', who: whoIs(context, given.who) } as const;
    const begun: Begun[] = [];
    const report = drillReport(context, stack, { file: given.report, who: request.who, begun });
    const there = await begin(context, {
      what: 'Drill',
      request,
      dryRun: given.dryRun,
      find: () => targetOf(context, undefined),
      async confirm(what) {
        await confirmByName(context, given, `${what}, and then the way back`);
        await report.open();
      },
    });
    if (typeof there === 'number') return there;
    begun.push(there);
    try {
      return await report.close(await wholeDrill(context, stack, { there, request, report, begun }));
    } catch (error) {
      // The platform may be on either side: whatever went wrong here, the report says where to look.
      return report.close({ code: EXIT.failed, why: lineOf(error), next: underWay('').next });
    }
  },
});

interface Way {
  readonly there: Begun;
  readonly request: WayRequest;
  readonly report: DrillReport;
  readonly begun: Begun[];
}

/** What the first way came to, and where it has led away, the way back. */
async function wholeDrill(context: Context, stack: Stack, { there, request, report, begun }: Way): Promise<DrillEnd> {
  const code = conclude(quiet(context), there.region, there.followed);
  if (code !== EXIT.done) return endOfWay(there, code);
  await report.update(`${there.region} is active, and the way back has not ended`);
  const home = otherRegion(stack, there.region);
  const end = await wayBack(context, stack, home, request, (way) => begun.push(way));
  return end.code === EXIT.done ? { code: end.code, why: 'there and back', next: undefined } : end;
}
