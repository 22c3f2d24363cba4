import type { PipelineRole } from './policies';

/** The version of the CLI whose source this list was read from: `pkg/backend/diy/{state,stack_tags,lock,meta,backend}.go`. */
export const READ_IN = '3.248.0';

/** An object of the bucket, below `.pulumi/`, and what the CLI does with it. */
export interface StateObject {
  readonly key: string;
  /** `Get` also stands for asking whether it is there, and for the source of a copy; `Put` for a copy's target. */
  readonly does: readonly ('Get' | 'Put' | 'Delete')[];
}

const ALL = ['Get', 'Put', 'Delete'] as const;

/**
 * Every object that `pulumi stack select`, `preview`, `up`, `destroy`, `refresh`, `cancel`, `state delete` and `stack rm` touch for
 * one stack of the project `tap`. Deleting asks first whether the object is there (gocloud.dev 0.46, s3blob).
 */
export const stateObjects = (stack: string): readonly StateObject[] => [
  // Every command, at its beginning. It is written once, by whoever makes the bucket.
  { key: 'meta.yaml', does: ['Get'] },
  // The checkpoint, what it was before, and what it is with PULUMI_DIY_BACKEND_GZIP or _ZSTD.
  ...['', '.gz', '.zst'].flatMap((ending) => [
    { key: `stacks/tap/${stack}.json${ending}`, does: ALL },
    { key: `stacks/tap/${stack}.json${ending}.bak`, does: ALL },
  ]),
  // Read before every preview, up, destroy and refresh, also where no stack has tags; deleted with the stack.
  { key: `stacks/tap/${stack}.pulumi-tags`, does: ALL },
  { key: `locks/organization/tap/${stack}/3f1c-uuid.json`, does: ALL },
  { key: `history/tap/${stack}/${stack}-1773110460000000000.history.json`, does: ALL },
  { key: `history/tap/${stack}/${stack}-1773110460000000000.checkpoint.json`, does: ALL },
  { key: `backups/tap/${stack}/${stack}.1773110460000000000.json`, does: ALL },
];

/** The folder of the state, in the bucket of the tests' policies. */
export const STATE = 'arn:aws:s3:::pulumi-state/.pulumi';

/** What the role may not do, with the objects of this stack. */
export function refusedOf(role: PipelineRole, stack: string): readonly string[] {
  return stateObjects(stack).flatMap(({ key, does }) =>
    does
      .map((what) => ({ action: `s3:${what}Object`, resource: `${STATE}/${key}` }))
      .filter((ask) => !role.may(ask))
      .map(({ action }) => `${action} ${key}`),
  );
}
