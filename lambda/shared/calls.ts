import * as z from 'zod/mini';

/** How one function of ours calls another: the requests and answers, checked at both ends. Times in milliseconds. */
const milliseconds = z.int();

/** To replication-monitor, besides its schedule. */
export const monitorRequest = z.object({ action: z.literal('sample') });

export const monitorAnswer = z.discriminatedUnion('kind', [
  /** This region follows: when the database last calculated its lag, and the lag. */
  z.object({ kind: z.literal('follows'), calculatedAt: milliseconds, lagMs: milliseconds }),
  /** This region has the writer. */
  z.object({ kind: z.literal('writes') }),
  z.object({ kind: z.literal('unknown'), why: z.string() }),
]);
export type MonitorAnswer = z.output<typeof monitorAnswer>;

/** To ledger: what outside the VPC has to be asked of PostgreSQL. */
export const ledgerRequest = z.discriminatedUnion('action', [
  /** Raises the epoch in the database; one that is higher already stays. */
  z.object({ action: z.literal('install-epoch'), epoch: z.int().check(z.positive()) }),
  /** Which of these orders or payments have no row, and under which epoch and in which region the others were decided. */
  z.object({
    action: z.literal('without-effect'),
    of: z.enum(['orders', 'payments']),
    ids: z.array(z.string()).check(z.maxLength(1_000)),
  }),
]);
export type LedgerRequest = z.output<typeof ledgerRequest>;

/** `epoch`: the one that the database holds now. */
export const installedEpoch = z.object({ epoch: z.int() });
export const withoutEffect = z.object({
  ids: z.array(z.string()),
  /** The others; a ledger of an older version does not tell. */
  settled: z._default(z.array(z.object({ id: z.string(), epoch: z.int(), region: z.string() })), []),
});

/** Payments in one request to settle: about what one connection settles while the reconciler waits. */
export const SETTLED_AT_ONCE = 100;

/** To payment-validator, besides API Gateway's requests: payments that are recorded and have no row. By the reconciler. */
export const settleRequest = z.object({
  action: z.literal('settle'),
  paymentIds: z.array(z.string()).check(z.maxLength(SETTLED_AT_ONCE)),
});
export type SettleRequest = z.output<typeof settleRequest>;

/** Those of them that have their row now; the others may be asked for again. */
export const settledPayments = z.object({ paymentIds: z.array(z.string()) });
export type SettledPayments = z.output<typeof settledPayments>;

const who = z.string().check(z.minLength(1), z.maxLength(128));
const runId = z.string().check(z.minLength(1), z.maxLength(64));
/** The loss that a person accepts, in seconds; `unknown` also accepts one that nobody can estimate. */
const acceptLoss = z.union([z.int().check(z.nonnegative()), z.literal('unknown')]);

/** To failover-orchestrator, besides CloudWatch's alarm events. */
export const orchestratorRequest = z.discriminatedUnion('action', [
  /** By the reconciler: the alarm is red and no run has taken it up. */
  z.object({ action: z.literal('offer') }),
  /** By the reconciler: a run whose owner died, or that waits and may look again. */
  z.object({ action: z.literal('resume'), runId }),
  z.object({
    action: z.literal('failover'),
    who,
    dryRun: z.optional(z.boolean()),
    /** Goes over readiness, never over the registers. */
    force: z.optional(z.boolean()),
    acceptLossSeconds: z.optional(acceptLoss),
  }),
  /** This region becomes active without loss, while the other one is active and well; a fail-back where this is its home. */
  z.object({ action: z.literal('switchover'), who, dryRun: z.optional(z.boolean()) }),
  z.object({ action: z.literal('accept'), runId, who, acceptLossSeconds: acceptLoss }),
  z.object({ action: z.literal('abort'), runId, who }),
  z.object({ action: z.literal('status') }),
]);
export type OrchestratorRequest = z.output<typeof orchestratorRequest>;
