/** Colours by what they mean. */
export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'strong';

/** Where a command is typed and read. */
export interface Screen {
  /** One piece of text, its line ends included. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person sits there: both what is typed and what is shown are a terminal's. */
  readonly isTerminal: boolean;
  /** Asks for one line; undefined when there is none to come. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a verb speaks. With `--json` people's text goes to stderr, and stdout carries one JSON document. */
export interface Terminal {
  readonly isTerminal: boolean;
  readonly json: boolean;
  /** One line for people. */
  line(text?: string): void;
  /** The command's result for programs: printed with `--json`, else nothing. */
  result(value: unknown): void;
  ask(question: string): Promise<string | undefined>;
  paint(tone: Tone, text: string): string;
}

/** ANSI codes (ECMA-48, "SGR"). */
const CODES: Readonly<Record<Tone, number>> = { good: 32, bad: 31, warn: 33, dim: 2, strong: 1 };

/** Colours only on a terminal, and not where NO_COLOR is set to anything (no-color.org). */
export function createTerminal(screen: Screen, json: boolean): Terminal {
  const colours = screen.isTerminal && !screen.env['NO_COLOR'] && screen.env['TERM'] !== 'dumb';
  return {
    isTerminal: screen.isTerminal,
    json,
    line: (text = '') => (json ? screen.err : screen.out)(`${text}\n`),
    result: (value) => {
      if (json) screen.out(`${JSON.stringify(value, null, 2)}\n`);
    },
    ask: (question) => screen.ask(question),
    paint: (tone, text) => (colours ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text),
  };
}
