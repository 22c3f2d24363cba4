import { type Block, blocksOf, isPlayed, noteOf, PAGES } from '../../docs/support/runbook-pages';
import { masked } from '../tap/support/masked';
import { ADMINISTRATOR } from '../tap/support/scene';
import { setStage } from '../tap/support/stage';
import { placeOf, STORIES } from './stories';
import { Telling } from './telling';

/** One command of a page, with the place of its state among all stories. */
interface Typed {
  readonly title: string;
  readonly block: Block;
  readonly story: number;
  readonly step: number;
}

/** Every command of every page, in the order in which the stories come to them: who changes something is the last in a state. */
const COMMANDS: readonly Typed[] = PAGES.flatMap((page) => blocksOf(page))
  .filter(({ commands: [command = ''] }) => isPlayed(command))
  .map((block) => {
    const { state } = noteOf(block);
    const place = placeOf(state);
    if (!place) throw new Error(`${block.page}:${block.line}: there is no state ${state}`);
    return { title: `${block.page}:${block.line} in ${state}: ${block.commands[0] ?? ''}`, block, ...place };
  })
  .sort((one, other) => one.story - other.story || one.step - other.step || changes(one.block) - changes(other.block));

function changes(block: Block): number {
  return noteOf(block).then === undefined ? 0 : 1;
}

let tellings: readonly Telling[];
beforeAll(async () => {
  const stage = await setStage();
  tellings = STORIES.map((story) => new Telling(stage, story));
}, 120_000);

describe('every command of the runbooks does what its page says (N14, F7)', () => {
  test.each(COMMANDS)('$title', async ({ block, story }) => {
    const telling = tellings[story] as Telling;
    const { state, exit, types, then, as } = noteOf(block);
    const scene = await telling.at(state);
    const keyboard = { types, ...(as && { role: ADMINISTRATOR }) };
    let code: number | undefined = 0;
    let screen = '';
    // As a shell does it: the next one only after an end with 0.
    for (const command of (block.commands[0] ?? '').split(' && ')) {
      if (code !== 0) break;
      const typed = await scene.tap(command.replace(/^npx tap /, ''), keyboard);
      code = typed.code;
      screen += typed.screen;
    }

    expect(code).toBe(exit);
    expect(notSeen(block.shown, screen)).toEqual([]);
    if (then !== undefined) telling.ledTo(then);
  });
});

/** Parts of what a page shows that the screen does not have: line by line, in their order; a line ends early with `...`. */
function notSeen(shown: Block['shown'], screen: string): readonly string[] {
  const lines = same(screen).split('\n');
  let from = 0;
  return shown.flatMap((part) => {
    const wanted = part.map(same);
    const at = lines.findIndex((_, index) => index >= from && wanted.every((one, n) => isSame(one, lines[index + n])));
    if (at < 0) return part;
    from = at + part.length;
    return [];
  });
}

function isSame(wanted: string, line: string | undefined): boolean {
  const start = wanted.replace(/ \.\.\.$/, '');
  return start === wanted ? line === wanted : (line?.startsWith(start) ?? false);
}

/** Without what no page can promise: ids, times, and numbers of more than one digit. */
function same(text: string): string {
  return masked(text).replace(/\b\d{2,}\b/g, 'N');
}
