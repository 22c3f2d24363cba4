import type { HandlerOrigin } from './types';

/** A constant of a handler, and how its file declares it: a test compares the two. */
export interface HandlerConstant extends HandlerOrigin {
  /** Its text in the file, white space aside. */
  readonly declared: string;
}

function constant(file: string, name: string, seconds: number, declared: string): HandlerConstant {
  return { kind: 'handler', file: `lambda/${file}`, constant: name, seconds, declared };
}

const step = (name: string, property: string, seconds: number, declared: string): HandlerConstant =>
  constant('failover-orchestrator/plan.ts', `PLAN.${name}.${property}`, seconds, declared);

/**
 * How patient the handlers are. Written out, because most of these are private to files that load AWS's clients, which the
 * program must not: test/analysis/budget/handlers.test.ts reads every declaration and fails when one has moved on.
 */
export const HANDLERS = {
  probeSettled: constant(
    'primary-probe/probe-request.ts',
    'SETTLED_WITHIN_MS',
    5,
    'export const SETTLED_WITHIN_MS = 5_000;',
  ),
  ticking: constant('shared/ticks.ts', 'TICKING_MS', 55, 'const TICKING_MS = 55_000;'),
  registerAttempts: constant(
    'shared/compose-keeper.ts',
    'REGISTER_PATIENCE',
    2,
    'REGISTER_PATIENCE: AwsPatience = { connectionTimeoutMs: 500, requestTimeoutMs: 1_000, attempts: 2 }',
  ),
  verdictCheck: constant('health/deep.ts', 'CHECK_MS', 1.5, 'const CHECK_MS = 1_500;'),
  verdictQueue: constant('health/watch.ts', 'QUEUE_MS', 1.5, 'const QUEUE_MS = 1_500;'),
  databasePatience: constant(
    'health/judge-self.ts',
    'DATABASE_PATIENCE_MS',
    45,
    'export const DATABASE_PATIENCE_MS = 45_000;',
  ),
  youngestOrder: constant('health/watch.ts', 'YOUNGEST_MS', 30, 'const YOUNGEST_MS = 30_000;'),
  observe: constant('failover-orchestrator/observe.ts', 'ANSWER_MS', 4, 'const ANSWER_MS = 4_000;'),
  claim: constant('failover-orchestrator/executor.ts', 'CLAIM_MS', 10, 'const CLAIM_MS = 10_000;'),
  promoteAgain: step('promote', 'againMs', 5, 'const critical = (attemptMs: number, againMs = 5_000)'),
  shiftAgain: step(
    'shift-traffic',
    'againMs',
    5,
    "name: 'shift-traffic', purpose: 'Sends clients here', after: [], ...critical(5_000)",
  ),
  openAttempt: step('open', 'attemptMs', 10, "after: ['promote'], ...critical(10_000, 1_000)"),
  openAgain: step('open', 'againMs', 1, "after: ['promote'], ...critical(10_000, 1_000)"),
  raiseFloor: step('raise-floor', 'attemptMs', 5, 'after: [], ...bestEffort(5_000, 3)'),
  verify: step('verify', 'attemptMs', 15, "after: ['open', 'start-consumers'], ...bestEffort(15_000, 3)"),
  publishSwitch: constant('failover-orchestrator/steps/shift-traffic.ts', 'PUBLISH_MS', 0.9, 'const PUBLISH_MS = 900;'),
  clockSkew: constant('shared/register/protocol.ts', 'CLOCK_SKEW_MS', 5, 'export const CLOCK_SKEW_MS = 5_000;'),
  writerStops: constant('shared/may-write.ts', 'SKEW_MS', 5, 'export const SKEW_MS = 5_000;'),
} as const satisfies Readonly<Record<string, HandlerConstant>>;

/** As an origin; what a budget shows of it. */
export function declaredBy({ kind, file, constant: name, seconds }: HandlerConstant): HandlerOrigin {
  return { kind, file, constant: name, seconds };
}
