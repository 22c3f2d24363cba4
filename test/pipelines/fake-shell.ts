import { CommandError, lineOf, type Command, type Outcome, type Shell } from '../../ops/pipeline/command';

/** An answer to a command that begins so; the first that fits is used, once if it is in a list of several. */
export type Answer = readonly [begins: string, answer: string | Partial<Outcome>];

/** Answers by the beginning of the command and remembers every one in order; an unexpected command is an error. */
export class FakeShell implements Shell {
  readonly ran: string[] = [];
  readonly inputs: (string | undefined)[] = [];
  private readonly answers: Answer[];

  constructor(...answers: readonly Answer[]) {
    this.answers = [...answers];
  }

  async show(command: Command): Promise<Outcome> {
    return this.answer(command);
  }

  async read(command: Command): Promise<string> {
    const { ending, how, tail } = this.answer(command);
    if (ending !== 'succeeded') throw new CommandError(`"${lineOf(command)}": ${how}\n${tail}`);
    return tail;
  }

  private answer(command: Command): Outcome {
    const line = lineOf(command);
    this.ran.push(line);
    this.inputs.push(command.input);
    const fitting = this.answers.filter(([begins]) => line.startsWith(begins));
    const [first] = fitting;
    if (first === undefined) throw new Error(`nobody expected: ${line}`);
    if (fitting.length > 1) this.answers.splice(this.answers.indexOf(first), 1);
    const [, answer] = first;
    const outcome: Outcome = { ending: 'succeeded', how: 'exit code 0', tail: '' };
    return typeof answer === 'string' ? { ...outcome, tail: answer } : { ...outcome, ...answer };
  }
}

/** How a program that failed is answered. */
export const failed = (tail = ''): Partial<Outcome> => ({ ending: 'failed', how: 'exit code 1', tail });
