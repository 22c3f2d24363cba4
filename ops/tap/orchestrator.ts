import type { z } from 'zod';
import { orchestratorAnswer, type OrchestratorAnswer } from '../../lambda/failover-orchestrator/answer';
import { createFunctionCalls } from '../../lambda/shared/invoke';
import type { orchestratorRequest } from '../../lambda/shared/calls';
import type { Context } from './context';

/** What a run's answer tells. */
export type RunAnswer = Extract<OrchestratorAnswer, { kind: 'run' }>;

/** A planned change of the active region; answered like a failover. */
interface SwitchoverRequest {
  readonly action: 'switchover';
  readonly who: string;
  readonly dryRun?: boolean;
}

/** What an operator asks of the orchestrator of a region. */
export type OperatorRequest =
  Exclude<z.input<typeof orchestratorRequest>, { readonly action: 'offer' }> | SwitchoverRequest;

/** How long a question may take that only looks, and how long one that asks everybody (a dry run), in milliseconds. */
const LOOK_MS = 8_000;
const JUDGE_MS = 30_000;
/** The longest that Lambda lets a function work. */
const WORK_MS = 900_000;

/**
 * Asks the orchestrator of a region. It works on when nobody listens any more: whatever happens to the answer, `status` tells.
 *
 * @throws CallError, DeadlineError, MalformedError, or AWS's errors: nothing is known of what was done then.
 */
export async function askOrchestrator(
  { clients, stack }: Pick<Context, 'clients' | 'stack'>,
  region: string,
  request: OperatorRequest,
): Promise<OrchestratorAnswer> {
  const { outputs } = await stack();
  const limitMs = limitOf(request);
  const calls = createFunctionCalls(clients.lambda(region, limitMs));
  return calls.ask(outputs.failoverOrchestratorFunction, request, orchestratorAnswer, limitMs);
}

function limitOf(request: OperatorRequest): number {
  if (request.action === 'status') return LOOK_MS;
  return 'dryRun' in request && request.dryRun === true ? JUDGE_MS : WORK_MS;
}

/** Whether nothing more becomes of a run by itself. */
export function isOver({ phase }: RunAnswer): boolean {
  return phase === 'ended';
}
