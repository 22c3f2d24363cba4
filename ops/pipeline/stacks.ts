import { z } from 'zod';
import { readStack } from '../../analysis/graph/stack-files';
import type { Shell } from './command';
import { pullRequestOf, TEMPLATE_STACK } from './stack-name';
import { stateBucket, type StateBucket } from './state-location';

/** A thousand keys per page, a second each; the AWS CLI itself tries a request up to three times and more. */
export const LIST_TIMEOUT_MS = 60_000;

/** The stack of a pull request, as the keys of the state show it. */
export interface ListedStack {
  readonly name: string;
  /** When its state was written last, in milliseconds since 1970: by an update, or when it was created. */
  readonly lastUpdate: number;
  /** When the newest lock on it was taken, in milliseconds since 1970; undefined: it is not locked. */
  readonly lockedAt: number | undefined;
}

/** The bucket of Pulumi's state, and the project of `Pulumi.yaml`. */
export interface StatePlace extends StateBucket {
  readonly project: string;
}

const answerSchema = z.strictObject({
  // None: `Contents` is missing in S3's answer. Version 1 of the CLI writes the time with Z, version 2 with +00:00.
  keys: z.array(z.strictObject({ key: z.string(), at: z.iso.datetime({ offset: true }) })).nullable(),
});

type Key = { readonly key: string; readonly at: number };

/**
 * The stacks of pull requests by the keys of their state, which every role may list.
 *
 * Not `pulumi stack ls`: in a bucket it reads the checkpoint of every stack of the project (pulumi 3.248.0,
 * backend/diy/backend.go, ListStacks) and fails as soon as there is one that the role may not read, and it says of no stack that
 * an update is in progress.
 */
export class Stacks {
  private readonly shell: Pick<Shell, 'read'>;
  private readonly place: StatePlace;

  constructor(shell: Pick<Shell, 'read'>, place: StatePlace) {
    this.shell = shell;
    this.place = place;
  }

  /** Of every pull request. @throws Error without an answer of S3; an unreadable one never passes for an empty one. */
  async all(): Promise<readonly ListedStack[]> {
    return await this.list('pr-', 'pr-');
  }

  /** One of them; undefined: there is none of that name. @throws Error as above. */
  async one(name: string): Promise<ListedStack | undefined> {
    return (await this.list(`${name}.json`, `${name}/`)).find((stack) => stack.name === name);
  }

  /** Locks first: an update that ends in between has written its checkpoint before. */
  private async list(stacksFrom: string, locksFrom: string): Promise<readonly ListedStack[]> {
    const locks = await this.keys(`.pulumi/locks/organization/${this.place.project}/`, locksFrom);
    const checkpoints = await this.keys(`.pulumi/stacks/${this.place.project}/`, stacksFrom);
    const lockedAt = newest(locks, LOCK);
    return [...newest(checkpoints, CHECKPOINT)].map(([name, lastUpdate]) => ({
      name,
      lastUpdate,
      lockedAt: lockedAt.get(name),
    }));
  }

  /** The rest of every key below the folder that begins so; the AWS CLI asks for further pages by itself. */
  private async keys(folder: string, begins: string): Promise<readonly Key[]> {
    const { bucket, region } = this.place;
    const args = ['s3api', 'list-objects-v2', '--bucket', bucket, '--prefix', `${folder}${begins}`, '--region', region];
    const query = '{keys: Contents[].{key: Key, at: LastModified}}';
    const text = await this.shell.read({
      program: 'aws',
      args: [...args, '--query', query, '--output', 'json'],
      timeoutMs: LIST_TIMEOUT_MS,
    });
    return parseKeys(text).map(({ key, at }) => ({ key: key.slice(folder.length), at: Date.parse(at) }));
  }
}

/** Those of this project, in the bucket of PULUMI_BACKEND_URL. @throws Error naming the variable and what is wanted. */
export function stacksIn(
  environment: Readonly<Record<string, string | undefined>>,
  shell: Pick<Shell, 'read'>,
  root: string,
): Stacks {
  const { bucket, region } = stateBucket(environment['PULUMI_BACKEND_URL']);
  return new Stacks(shell, { bucket, region, project: readStack(root, TEMPLATE_STACK).project });
}

function parseKeys(text: string): NonNullable<z.infer<typeof answerSchema>['keys']> {
  try {
    return answerSchema.parse(JSON.parse(text)).keys ?? [];
  } catch (cause) {
    throw new Error(`S3's list of the state is not readable: ${JSON.stringify(text.slice(0, 200))}`, { cause });
  }
}

/** `pr-7.json`, or compressed; not `pr-7.json.bak`, which stays when a stack is removed, and not `pr-7.pulumi-tags`. */
const CHECKPOINT = /^([^/]+)\.json(?:\.gz|\.zst)?$/;
const LOCK = /^([^/]+)\/[^/]+\.json$/;

/** The newest time by the stack of a pull request. */
function newest(keys: readonly Key[], form: RegExp): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { key, at } of keys) {
    const name = form.exec(key)?.[1];
    if (name === undefined || pullRequestOf(name) === undefined) continue;
    times.set(name, Math.max(at, times.get(name) ?? at));
  }
  return times;
}
