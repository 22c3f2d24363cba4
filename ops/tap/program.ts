import { Command, Option } from 'commander';
import type { Clients } from './clients';
import { type Context, type Machine, type Stack, stackOf } from './context';
import { EXIT_TABLE, type ExitCode } from './exit-codes';
import { findOutputs } from './outputs';
import { createTerminal } from './terminal';
import { TERMS, termsIn } from './terms';
import type { Verb } from './verb';
import { VERBS } from './verbs/registry';

/** The command line as commander reads it; `onEnd` hears the exit code of the verb that was run. */
export function createProgram(machine: Machine, clients: Clients, onEnd: (code: ExitCode) => void): Command {
  const program = new Command('tap')
    .description(
      "The operator's command: looks after a trading platform in two AWS regions, before, during and after an incident.",
    )
    .usage('VERB [options]')
    .helpCommand('help [verb]', 'explain a verb')
    .helpOption('-h, --help', 'explain the command')
    .configureOutput({ writeOut: machine.screen.out, writeErr: machine.screen.err })
    .showHelpAfterError('(npx tap VERB --help explains a verb)')
    .exitOverride()
    .addHelpText('after', () => `\n${firstSteps()}\n\n${exitCodes()}\n`);
  for (const verb of VERBS) {
    const command = program
      .command(verb.name)
      .summary(verb.summary)
      .description(verb.description)
      .helpOption('-h, --help', 'explain this verb')
      .addOption(
        new Option(
          '--stack <name>',
          'the stack, as Pulumi names it (default: that of cfn-outputs, or the selected one)',
        ),
      )
      .addOption(
        new Option('--json', 'print one JSON document for programs; text for people goes to stderr').default(
          false,
          'text',
        ),
      );
    command.addHelpText('after', () => `\n${examples(verb)}\n\n${words(command, verb)}\n\n${exitCodes()}\n`);
    verb.declare(command);
    command.action(async (...given: unknown[]) => {
      const options = command.opts<Readonly<Record<string, unknown>>>();
      const values = { ...options, arguments: given.filter((one): one is string => typeof one === 'string') };
      onEnd(await verb.run(contextOf(machine, clients, options), values));
    });
  }
  return program;
}

function contextOf(machine: Machine, clients: Clients, options: Readonly<Record<string, unknown>>): Context {
  const stackOption = typeof options['stack'] === 'string' ? options['stack'] : undefined;
  let stack: Promise<Stack> | undefined;
  return {
    machine,
    clients,
    terminal: createTerminal(machine.screen, options['json'] === true),
    stackOption,
    stack: () => (stack ??= findOutputs(machine.outputs, stackOption).then(stackOf)),
  };
}

function firstSteps(): string {
  return ['At night, first:', '  npx tap status    what is the matter, on one screen'].join('\n');
}

function examples({ examples: all }: Verb): string {
  const width = Math.max(...all.map(([command]) => command.length));
  return ['Examples:', ...all.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`)].join('\n');
}

/** Explains what the text above has used, options and examples included. */
function words(command: Command, { summary, description, examples: all }: Verb): string {
  const options = command.options.map((option) => option.description);
  const terms = termsIn([summary, description, ...options, ...all.flat()].join('\n'));
  const width = Math.max(...terms.map((term) => term.length));
  return ['Words:', ...terms.map((term) => `  ${term.padEnd(width)}  ${TERMS[term]}`)].join('\n');
}

function exitCodes(): string {
  return ['Exit codes:', ...EXIT_TABLE.map(([code, what]) => `  ${String(code).padStart(3)}  ${what}`)].join('\n');
}
