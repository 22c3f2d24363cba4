import { z } from 'zod';
import { type LedgerRequest, withoutEffect } from '../../../lambda/shared/calls';
import { createFunctionCalls } from '../../../lambda/shared/invoke';
import { createItemStore } from '../../../lambda/shared/item-store';
import { orderResult } from '../../../lambda/shared/order-form';
import { isResultKey } from '../../../lambda/shared/order-items';
import { ORDERS, PAYMENTS, type KindName } from '../../../lambda/reconciler/kinds';
import { createReceivedIndex } from '../../../lambda/reconciler/received-index';
import type { Context, Stack } from '../context';
import { fateOf } from './fate';

/** What was received in a window, and what of it has no row in PostgreSQL. Times in milliseconds since 1970. */
export interface Window {
  readonly kind: KindName;
  readonly ids: readonly string[];
  readonly missing: readonly string[];
}

/** What became of orders that were received in a window. */
export interface Fates {
  /** Found after their time: reported, never executed. */
  readonly expired: readonly string[];
  /** Settled under two epochs: the first commit went with the lost writer. */
  readonly redone: readonly string[];
  /** Of the EXPIRED ones, those that the lost region had settled: their clients may have been told so. */
  readonly settledBefore: readonly string[];
  /** How many were looked at, of all. */
  readonly looked: number;
}

/** The ledger takes a thousand ids at once (lambda/shared/calls.ts); a page of the index is as large. */
const PAGE = 1_000;
const LEDGER_MS = 9_000;

/** Fates need a query for each order, so many at once, and no more than so many in all. */
const SIDE_BY_SIDE = 20;
const MOST_FATES = 5_000;

/** The kinds that the stack has, with their tables. */
export function kindsOf({ outputs }: Stack): readonly { readonly kind: KindName; readonly table: string }[] {
  const { ordersTable, transactionsTable } = outputs;
  return [
    ...(ordersTable === undefined ? [] : [{ kind: 'orders' as const, table: ordersTable }]),
    ...(transactionsTable === undefined ? [] : [{ kind: 'payments' as const, table: transactionsTable }]),
  ];
}

/**
 * Everything of one kind that was received in a window, as the active region's copy of the table has it, and what PostgreSQL
 * says of it.
 *
 * @throws AWS's errors, CallError, DeadlineError.
 */
export async function findWindow(
  context: Context,
  stack: Stack,
  region: string,
  { kind, table }: { readonly kind: KindName; readonly table: string },
  { from, until }: { readonly from: number; readonly until: number },
): Promise<Window> {
  const quiet = { error: () => undefined };
  const client = context.clients.dynamodb(region);
  const index =
    kind === 'orders'
      ? createReceivedIndex(client, table, ORDERS, quiet)
      : createReceivedIndex(client, table, PAYMENTS, quiet);
  // The last moment of a page comes again in the next one.
  const ids = new Set<string>();
  for (let through = from; through < until;) {
    const page = await index.read(through, until, PAGE);
    for (const { id } of page.found) ids.add(id);
    through = page.readThrough;
  }
  return { kind, ids: [...ids], missing: await withoutRow(context, stack, region, kind, [...ids]) };
}

/** Which of these have no row in the active region's database. */
export async function withoutRow(
  { clients }: Context,
  { outputs }: Stack,
  region: string,
  of: KindName,
  ids: readonly string[],
): Promise<readonly string[]> {
  const calls = createFunctionCalls(clients.lambda(region));
  const missing: string[] = [];
  for (let first = 0; first < ids.length; first += PAGE) {
    const request: LedgerRequest = { action: 'without-effect', of, ids: ids.slice(first, first + PAGE) };
    missing.push(...(await calls.ask(outputs.ledgerFunction, request, withoutEffect, LEDGER_MS)).ids);
  }
  return missing;
}

const resultForm = z.object({ epoch: z.number(), verdict: z.string() });

/** Reads the results of orders: by them an EXPIRED or a redone one is known. */
export async function readFates(
  { clients }: Context,
  region: string,
  table: string,
  ids: readonly string[],
): Promise<Fates> {
  const items = createItemStore(clients.dynamodb(region), table);
  const looked = ids.slice(0, MOST_FATES);
  const expired: string[] = [];
  const redone: string[] = [];
  const settledBefore: string[] = [];
  for (let first = 0; first < looked.length; first += SIDE_BY_SIDE) {
    await Promise.all(
      looked.slice(first, first + SIDE_BY_SIDE).map(async (id) => {
        const results = (await items.list(id))
          .filter(({ sk }) => isResultKey(sk))
          .flatMap((item) => (orderResult.safeParse(item).success ? [resultForm.parse(item)] : []));
        const fate = fateOf(results);
        if (fate.expired) expired.push(id);
        if (fate.redone) redone.push(id);
        if (fate.settledBefore) settledBefore.push(id);
      }),
    );
  }
  return {
    expired: expired.sort(),
    redone: redone.sort(),
    settledBefore: settledBefore.sort(),
    looked: looked.length,
  };
}
