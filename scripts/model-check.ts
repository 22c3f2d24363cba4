import { parseArgs } from 'node:util';
import {
  type Bound,
  BOUNDS,
  type Configuration,
  CONFIGURATIONS,
  type Fault,
  FAULTS,
  LIVENESS,
  renderExploration,
  renderStory,
  TABLE_HEAD,
} from '../analysis/model';

const USAGE = `usage: npm run model-check -- [--bound small|large] [--only CONFIGURATION] [--fault NAME]

Explores every interleaving of the code that decides who may write, and of runs, at a bound, and prints how many states that
were. Ends with an error and a story when an invariant breaks. It needs no AWS account and changes nothing.
  --bound B      small takes seconds, large several minutes and some gigabytes; default: large, and small with --fault
  --only NAME    one configuration instead of all
  --fault NAME   with a mistake planted, in the configuration that finds it
  --help         this text, with all names`;

/** Explores and prints a row per configuration; progress goes to standard error. @throws when an invariant breaks. */
export function main(argv: readonly string[]): void {
  const { values } = readArguments(argv);
  if (values.help) return console.log(`${USAGE}\n\n${names()}`);
  const fault = values.fault === undefined ? undefined : oneOf('--fault', values.fault, FAULTS);
  const bound = boundOf(values.bound ?? (fault ? 'small' : 'large'));
  const only = fault?.foundIn ?? values.only;
  const chosen = only === undefined ? CONFIGURATIONS : [oneOf('--only', only, CONFIGURATIONS)];

  console.log(`bound: ${bound}${fault ? `; planted: ${fault.about}` : ''}\n\n${TABLE_HEAD}`);
  const total = { states: 0, transitions: 0, seconds: 0 };
  for (const configuration of chosen) {
    const { states, transitions, seconds } = check(configuration, bound, fault);
    total.states += states;
    total.transitions += transitions;
    total.seconds += seconds;
  }
  if (chosen.length > 1) console.log(renderExploration('total', total));
  if (fault) throw new Error(`the planted fault ${fault.name} was not found`);
  console.log(`\nevery invariant holds in all ${total.states.toLocaleString('en-US')} states`);
}

function check(configuration: Configuration, bound: Bound, fault: Fault | undefined) {
  const { name } = configuration;
  const exploration = configuration.explore(fault?.protocol, bound, {
    onlySafety: fault !== undefined && !LIVENESS.has(fault.breaks),
    progress: (states, depth) => console.error(`${name}: ${states.toLocaleString('en-US')} states, depth ${depth}`),
  });
  console.log(renderExploration(name, exploration));
  const { counterexample } = exploration;
  if (!counterexample) return exploration;
  console.log(`\n${name}: ${configuration.about}\n\n${renderStory(counterexample)}`);
  throw new Error(`broken in the configuration "${name}": ${counterexample.invariant}`);
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        bound: { type: 'string' },
        only: { type: 'string' },
        fault: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`, { cause });
  }
}

function boundOf(value: string): Bound {
  const bound = BOUNDS.find((one) => one === value);
  if (bound === undefined) throw new Error(`--bound must be ${BOUNDS.join(' or ')}, got "${value}"`);
  return bound;
}

function oneOf<T extends { readonly name: string }>(argument: string, value: string, all: readonly T[]): T {
  const found = all.find(({ name }) => name === value);
  if (found) return found;
  throw new Error(`${argument} must be one of ${all.map(({ name }) => `"${name}"`).join(', ')}, got "${value}"`);
}

function names(): string {
  const configurations = CONFIGURATIONS.map(({ name, about }) => `  ${name.padEnd(26)} ${about}`);
  const faults = FAULTS.map(({ name, about }) => `  ${name.padEnd(26)} ${about}`);
  return ['configurations:', ...configurations, '', 'faults:', ...faults].join('\n');
}
