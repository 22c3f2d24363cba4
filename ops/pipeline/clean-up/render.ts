import type { CleanUp, Ruled } from './decide';

/** ARNs of one suffix that are printed; the rest is counted. */
const SHOWN = 20;

/** The plan of a clean-up, for the log. */
export function renderCleanUp({ destroy, keep, orphans, keysWaiting }: CleanUp): readonly string[] {
  return [
    ...section('leaked, to be destroyed', destroy),
    ...section('left alone', keep),
    orphans.length === 0
      ? 'resources without a stack: none'
      : 'resources without a stack, for a person to look at (docs/pipelines.md, "Resources without a stack"):',
    ...orphans.flatMap(({ suffix, arns }) => [
      `  ${suffix}: ${arns.length}`,
      ...arns.slice(0, SHOWN).map((arn) => `    ${arn}`),
      ...(arns.length > SHOWN ? [`    and ${arns.length - SHOWN} more`] : []),
    ]),
    ...(keysWaiting === 0
      ? []
      : [`keys of destroyed stacks, most of which only wait for the end of their deletion window: ${keysWaiting}`]),
  ];
}

function section(title: string, ruled: readonly Ruled[]): readonly string[] {
  if (ruled.length === 0) return [`${title}: none`];
  return [`${title}: ${ruled.length}`, ...ruled.map(({ stack, why }) => `  ${stack}: ${why}`)];
}
