import { z } from 'zod';
import { CommandError, type Shell } from './command';

/** One page of an answer; GitHub's own limit for a request is 10 s. */
export const GH_TIMEOUT_MS = 60_000;

/** What the pipelines ask of GitHub, through its own CLI, which is on every hosted runner and takes GH_TOKEN. */
export class GitHub {
  private readonly shell: Pick<Shell, 'read'>;
  private readonly repository: string;

  /** @param repository OWNER/NAME. */
  constructor(shell: Pick<Shell, 'read'>, repository: string) {
    this.shell = shell;
    this.repository = repository;
  }

  /** The numbers of all open pull requests. @throws CommandError; an empty answer is one, an unreadable one never passes for it. */
  async openPullRequests(): Promise<ReadonlySet<number>> {
    const text = await this.api(['--paginate', this.path('pulls?state=open&per_page=100'), '--jq', '.[].number']);
    return new Set(linesOf(text).map((line) => z.coerce.number().int().positive().parse(line)));
  }

  /** The comments of a pull request that are ours: by the token's own bot, with the marker in the first line. */
  async commentsWith(marker: string, pullRequest: number): Promise<readonly number[]> {
    const filter = '.[] | {id, login: .user.login, first: (.body | split("\\n")[0] // "" | rtrimstr("\\r"))}';
    const text = await this.api([
      '--paginate',
      this.path(`issues/${pullRequest}/comments?per_page=100`),
      '--jq',
      filter,
    ]);
    return linesOf(text)
      .map((line) => commentSchema.parse(JSON.parse(line)))
      .filter(({ login, first }) => login === 'github-actions[bot]' && first === marker)
      .map(({ id }) => id);
  }

  async addComment(pullRequest: number, body: string): Promise<void> {
    await this.api(['--method', 'POST', this.path(`issues/${pullRequest}/comments`), '--input', '-'], body);
  }

  async replaceComment(id: number, body: string): Promise<void> {
    await this.api(['--method', 'PATCH', this.path(`issues/comments/${id}`), '--input', '-'], body);
  }

  private path(rest: string): string {
    return `repos/${this.repository}/${rest}`;
  }

  private api(args: readonly string[], body?: string): Promise<string> {
    return this.shell.read({
      program: 'gh',
      args: ['api', ...args],
      timeoutMs: GH_TIMEOUT_MS,
      ...(body === undefined ? {} : { input: JSON.stringify({ body }) }),
    });
  }
}

const commentSchema = z.object({ id: z.number(), login: z.string(), first: z.string() });

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** What is used of GitHub to keep one comment up to date. */
export type Comments = Pick<GitHub, 'commentsWith' | 'addComment' | 'replaceComment'>;

const ATTEMPTS = 3;
const PAUSE_MS = 5_000;

/**
 * Puts the text into our one comment on a pull request: over the oldest with the marker, or a new one. Three attempts, 5 s apart,
 * each of which looks again first: one whose answer was lost has not commented twice.
 *
 * @throws CommandError of the last attempt.
 */
export async function keepComment(
  comments: Comments,
  { pullRequest, marker, body }: { readonly pullRequest: number; readonly marker: string; readonly body: string },
  wait: (ms: number) => Promise<void>,
): Promise<'added' | 'replaced'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [oldest] = [...(await comments.commentsWith(marker, pullRequest))].sort((a, b) => a - b);
      if (oldest === undefined) await comments.addComment(pullRequest, body);
      else await comments.replaceComment(oldest, body);
      return oldest === undefined ? 'added' : 'replaced';
    } catch (error) {
      if (!(error instanceof CommandError) || attempt === ATTEMPTS) throw error;
      await wait(PAUSE_MS);
    }
  }
}
