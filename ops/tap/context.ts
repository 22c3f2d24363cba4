import { type Quorum, quorumOf } from '../../lambda/shared/register/record';
import type { Clients } from './clients';
import { usageError } from './errors';
import type { Screen, Terminal } from './terminal';
import type { TapOutputs } from './outputs';

/** What a command needs of the machine it is typed on; everything else it asks AWS. */
export interface Machine {
  readonly screen: Screen;
  readonly outputs: OutputsPort;
  /** Writes a file into the folder that the command was typed in, and tells its name. @throws Node's errors. */
  readonly save: (name: string, text: string) => Promise<string>;
  /** `name@host`, where neither --who nor GITHUB_ACTOR says who it is. */
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A fresh UUID. */
  readonly newId: () => string;
}

/** Where the outputs of a deployed stack are. */
export interface OutputsPort {
  /** Those that the last `tap outputs` has left; undefined when there is no file. @throws OutputsError */
  readonly file: () => Promise<unknown>;
  /** Asks Pulumi, of one stack or of the selected one. @throws OutputsError */
  readonly pulumi: (stack: string | undefined) => Promise<Readonly<Record<string, unknown>>>;
  /** Writes the file and tells its name. */
  readonly write: (values: Readonly<Record<string, unknown>>) => Promise<string>;
}

/** What every verb is given. */
export interface Context {
  readonly machine: Machine;
  readonly terminal: Terminal;
  readonly clients: Clients;
  /** The stack of `--stack`; undefined: the file, or else the selected one. */
  readonly stackOption: string | undefined;
  /** The outputs of the stack that the command is about; read once. @throws TapError */
  readonly stack: () => Promise<Stack>;
}

/** One deployed stack as its outputs tell of it. */
export interface Stack {
  /** What a person types to confirm: the part that every name of it ends in. */
  readonly name: string;
  readonly outputs: TapOutputs;
  /** Primary first. */
  readonly regions: readonly [primary: string, dr: string];
  readonly quorum: Quorum;
}

export function stackOf(outputs: TapOutputs): Stack {
  const { environmentSuffix, primaryRegion, drRegion, witnessRegion } = outputs;
  return {
    name: environmentSuffix,
    outputs,
    regions: [primaryRegion, drRegion],
    quorum: quorumOf(primaryRegion, drRegion, witnessRegion === 'none' ? undefined : witnessRegion),
  };
}

/** The home role of a region, for people. */
export function roleOf({ regions }: Pick<Stack, 'regions'>, region: string): 'primary' | 'dr' {
  return region === regions[0] ? 'primary' : 'dr';
}

/** The one of the two that is not this one. */
export function otherRegion({ regions: [primary, dr] }: Pick<Stack, 'regions'>, region: string): string {
  return region === primary ? dr : primary;
}

/** `eu-central-2 (dr)`. */
export function named(stack: Pick<Stack, 'regions'>, region: string): string {
  return `${region} (${roleOf(stack, region)})`;
}

/** A region that somebody typed: its name, or its role. @throws TapError with what is allowed. */
export function regionFrom(stack: Pick<Stack, 'regions'>, option: string, given: string): string {
  const [primary, dr] = stack.regions;
  if (given === primary || given === 'primary') return primary;
  if (given === dr || given === 'dr') return dr;
  throw usageError(`${option} ${given} is not allowed: the stack's regions are ${primary} (primary) and ${dr} (dr)`);
}

/** Who does it: `--who`, or who started the pipeline, or the machine's user. At most 128 characters. */
export function whoIs({ machine }: Pick<Context, 'machine'>, given: string | undefined): string {
  return (given ?? (machine.screen.env['GITHUB_ACTOR'] || machine.user)).slice(0, 128);
}
