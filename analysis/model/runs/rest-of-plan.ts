import type { Decision } from '../../../lambda/failover-orchestrator/decide';
import type { StepName } from '../../../lambda/failover-orchestrator/plan';
import type { Command, RunPolicy } from '../../../lambda/failover-orchestrator/run';
import type { Protocol } from '../protocol';

/** A command that something comes back from. */
export type Work = Exclude<Command, { do: 'alert' }>;

export function isWork(command: Command): command is Work {
  return command.do !== 'alert';
}

export function without<T>(list: readonly T[], index: number): readonly T[] {
  return list.filter((_, i) => i !== index);
}

/** Steps that a model leaves out are done as soon as they begin. */
export function settleRest(
  protocol: Pick<Protocol, 'decide'>,
  { state, commands }: Decision,
  leftOut: ReadonlySet<StepName>,
  now: number,
  policy: RunPolicy,
): Decision {
  const at = commands.findIndex((command) => command.do === 'step' && leftOut.has(command.step));
  const command = commands[at];
  if (command?.do !== 'step') return { state, commands };
  const result = { kind: 'done', detail: '' } as const;
  const next = protocol.decide(state, { type: 'step', now, step: command.step, result }, policy);
  const rest = { state: next.state, commands: [...without(commands, at), ...next.commands] };
  return settleRest(protocol, rest, leftOut, now, policy);
}
