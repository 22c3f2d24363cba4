import { z } from 'zod';
import { PATIENCE_MS } from '../../../lambda/reconciler/sweep';
import { createLocalItems } from '../../../lambda/shared/local-items';
import { confirmByYes } from '../confirm';
import { type Context, named, type Stack } from '../context';
import { refusal, TapError, unreachable, usageError } from '../errors';
import { EXIT, type ExitCode } from '../exit-codes';
import { askOrchestrator } from '../orchestrator';
import { type Fates, findWindow, kindsOf, readFates, type Window, withoutRow } from '../reconcile/find';
import { readRegisters } from '../run/registers';
import { findStanding } from '../run/standing';
import { clockTime, duration } from '../run/times';
import { defineVerb, flagForm } from '../verb';

/** Before the fault's loss, as an orchestrator does; the longest that an order may be valid; where nothing better is known. */
const MARGIN_MS = 60_000;
const LONGEST_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Between two looks, and the longest wait for orders that have been sent on their way again, in milliseconds. */
const LOOK_MS = 10_000;
const LONGEST_WAIT_MS = 600_000;

/** A list of ids is for a person: the others are in --json. */
const SHOWN = 20;

export const reconcile = defineVerb({
  name: 'reconcile',
  summary: 'find orders that the database does not have, have them executed, and tell what became of them',
  description:
    'The database (PostgreSQL) is the truth: every order and payment that was received since the fault is looked for there. ' +
    'What is missing is sent on its way again by the reconciler, as after every failover; an order whose time is over is ' +
    'reported EXPIRED and not executed. Then it is told which are EXPIRED, and which of these the lost region had settled; which ' +
    'were redone (their first commit went with the lost region); and which are still missing. Doing it twice is harmless: an order is executed once.',
  examples: [
    ['npx tap reconcile --dry-run', 'count and tell, change nothing'],
    ['npx tap reconcile', 'since the fault of the last run, or else the last hour'],
    ['npx tap reconcile --since 2026-11-24T03:30:00Z --yes', 'since a time of your own, without a question'],
  ],
  declare: (command) =>
    command
      .option('--since <time>', 'ISO 8601 with Z; at most a day ago (default: the last run’s fault, or an hour ago)')
      .option('--dry-run', 'count and tell, change nothing')
      .option('--yes', 'do not ask'),
  form: z.object({
    since: z.iso.datetime('a time such as 2026-11-24T03:30:00Z').optional(),
    dryRun: flagForm,
    yes: flagForm,
  }),
  async run(context, given) {
    const { machine, terminal } = context;
    const stack = await context.stack();
    const at = machine.now();
    const since = given.since === undefined ? undefined : Date.parse(given.since);
    if (since !== undefined && (since >= at || since < at - LONGEST_MS)) {
      throw usageError(`--since ${given.since ?? ''} is not allowed: a time of the last 24 hours`);
    }
    const region = await activeRegion(context, stack);
    const from = since ?? (await faultOf(context, region, at));
    const windows = await look(context, stack, region, { from, until: at - PATIENCE_MS });
    terminal.line(`Received since ${clockTime(from)}, by the database of ${named(stack, region)}:`);
    for (const { kind, ids, missing } of windows)
      terminal.line(`  ${kind.padEnd(9)} ${ids.length}, of which ${missing.length} without a row`);
    const isMissing = windows.some(({ missing }) => missing.length > 0);
    if (isMissing && !given.dryRun) {
      await confirmByYes(context, given, 'Have those without a row looked for and executed');
      await setBack(context, stack, region, from);
    }
    const left = isMissing && !given.dryRun ? await waitFor(context, stack, region, windows) : windows;
    const fates = await fatesOf(context, stack, region, windows);
    return report(context, { region, from, windows, left, fates, dryRun: given.dryRun });
  },
});

/** Where orders are executed now. @throws TapError when nobody knows, or while a run is about to change it. */
async function activeRegion(context: Context, stack: Stack): Promise<string> {
  const { ownership, credentials } = await readRegisters(context, stack);
  if (credentials !== undefined) throw new TapError(EXIT.unreachable, credentials);
  if (ownership.kind === 'unknown') {
    throw new TapError(EXIT.unreachable, `it is not known which region is active: ${ownership.why}`);
  }
  const [run] = (await findStanding(context, stack, undefined)).runs;
  if (run)
    throw refusal(`run ${run.runId} stands in ${run.region}, and has everything looked for itself: npx tap resume`);
  return ownership.activeRegion;
}

/** From when on something may be missing: from the loss of the last run on. */
async function faultOf(context: Context, region: string, at: number): Promise<number> {
  const run = await askOrchestrator(context, region, { action: 'status' }).catch(() => undefined);
  if (run?.kind !== 'run' || run.faultAt === undefined || run.lossMs === undefined) return at - HOUR_MS;
  return Math.max(at - LONGEST_MS, run.faultAt - run.lossMs - MARGIN_MS);
}

async function look(
  context: Context,
  stack: Stack,
  region: string,
  window: { readonly from: number; readonly until: number },
): Promise<readonly Window[]> {
  try {
    return await Promise.all(kindsOf(stack).map((kind) => findWindow(context, stack, region, kind, window)));
  } catch (error) {
    throw unreachable(`what was received cannot be compared with the database of ${region}`, error);
  }
}

/** As an orchestrator does it at the end of a failover: the reconciler goes by this item, and never forward of it. */
async function setBack({ clients, machine }: Context, { outputs }: Stack, region: string, from: number): Promise<void> {
  const items = createLocalItems(clients.dynamodb(region), outputs.leaseTable);
  try {
    const present = await items.get('sweep');
    const earlier = (through: number | undefined): number => Math.min(from, through ?? from);
    const [orders, payments] = [earlier(present?.orders), earlier(present?.payments)];
    await items.put('sweep', { setBackAt: machine.now(), orders, payments });
  } catch (error) {
    throw unreachable(`the reconciler in ${region} cannot be told`, error);
  }
}

/** Looks again until everything has its row, or for ten minutes. */
async function waitFor(
  context: Context,
  stack: Stack,
  region: string,
  windows: readonly Window[],
): Promise<readonly Window[]> {
  const { machine, terminal } = context;
  const began = machine.now();
  let left = windows;
  let before = -1;
  while (machine.now() - began < LONGEST_WAIT_MS) {
    await machine.sleep(LOOK_MS);
    left = await Promise.all(
      left.map(async (window) => ({
        ...window,
        // An answer that does not come is no row: it is asked for again.
        missing: await withoutRow(context, stack, region, window.kind, window.missing).catch(() => window.missing),
      })),
    );
    const count = left.reduce((sum, { missing }) => sum + missing.length, 0);
    if (count !== before) terminal.line(`  +${duration(machine.now() - began).padEnd(10)} ${count} left`);
    if (count === 0) break;
    before = count;
  }
  return left;
}

async function fatesOf(
  context: Context,
  stack: Stack,
  region: string,
  windows: readonly Window[],
): Promise<Fates | undefined> {
  const orders = windows.find(({ kind }) => kind === 'orders');
  const { ordersTable } = stack.outputs;
  if (!orders || ordersTable === undefined) return undefined;
  return readFates(context, region, ordersTable, orders.ids).catch((error: unknown) => {
    throw unreachable(`the results of orders cannot be read in ${region}`, error);
  });
}

interface Report {
  readonly region: string;
  readonly from: number;
  readonly windows: readonly Window[];
  readonly left: readonly Window[];
  readonly fates: Fates | undefined;
  readonly dryRun: boolean;
}

function report({ terminal }: Context, { region, from, windows, left, fates, dryRun }: Report): ExitCode {
  const lost = left.flatMap(({ kind, missing }) =>
    missing.map((id) => `${kind === 'orders' ? 'order' : 'payment'} ${id}`),
  );
  const list = (what: string, ids: readonly string[]): void => {
    const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more (--json has all)` : '';
    terminal.line(
      `  ${what.padEnd(9)} ${ids.length}${ids.length === 0 ? '' : `: ${ids.slice(0, SHOWN).join(', ')}${more}`}`,
    );
  };
  terminal.result({
    region,
    since: new Date(from).toISOString(),
    dryRun,
    received: Object.fromEntries(windows.map(({ kind, ids }) => [kind, ids.length])),
    missing: Object.fromEntries(windows.map(({ kind, missing }) => [kind, missing])),
    ...(fates && { expired: fates.expired, redone: fates.redone, settledBefore: fates.settledBefore }),
    lost,
  });
  terminal.line('Report:');
  if (fates) {
    list('EXPIRED', fates.expired);
    // A line only where there is something to tell: whoever answers for the orders has to tell those clients.
    if (fates.settledBefore.length > 0) list('  of these settled in the lost region', fates.settledBefore);
    list('redone', fates.redone);
    const all = windows.find(({ kind }) => kind === 'orders')?.ids.length ?? 0;
    if (fates.looked < all)
      terminal.line(`  (of the first ${fates.looked} orders; take a later --since for the others)`);
  }
  list(dryRun ? 'missing' : 'lost', lost);
  if (dryRun) {
    terminal.line('Dry run: nothing was changed.');
    return EXIT.done;
  }
  if (lost.length === 0) return EXIT.done;
  terminal.line(
    'The reconciler goes on with them; look at its log, and at alarm order-dlq, then again: npx tap reconcile',
  );
  return EXIT.failed;
}
