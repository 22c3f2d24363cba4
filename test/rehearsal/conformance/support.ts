import { NO_OPTIONS } from '../../support/resource-options';
import { Graph } from '../../../analysis/graph/graph';
import type { GraphResource, Values } from '../../../analysis/graph/graph';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import { compileLibraries } from '../../../rehearsal/runtime/code';
import { Container } from '../../../rehearsal/runtime/container';
import type { CrashPlan } from '../../../rehearsal/runtime/container';
import type { Outside } from '../../../rehearsal/runtime/ports';
import { Runtime } from '../../../rehearsal/runtime/runtime';

export const HERE = 'eu-central-1';
export const THERE = 'eu-central-2';
export const ACCOUNT = '123456789012';

/** A Monday morning in whole seconds. */
export const START = Date.UTC(2026, 0, 5, 8);

/** A resource as a stack registers it. */
export function resource(type: string, name: string, inputs: Values, outputs: Values = {}, region = HERE) {
  return {
    urn: `urn:pulumi:test::tap::${type}::${region}-${name}`,
    type,
    name: `${region}-${name}`,
    kind: 'resource',
    id: name,
    inputs,
    outputs: { ...inputs, ...outputs, region },
    secretInputs: [],
    provider: undefined,
    region,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    options: NO_OPTIONS,
  } as const satisfies GraphResource;
}

export function graphOf(...resources: readonly GraphResource[]): Graph {
  return new Graph('tap', 'test', resources, [], {}, []);
}

/** An outside in which nothing is there but what a test puts there. */
export function outsideOf(parts: Partial<Outside>): Outside {
  const nothing = (): never => {
    throw new Error('nobody is outside');
  };
  return { call: nothing, web: nothing, dns: nothing, socket: nothing, log: () => undefined, ...parts };
}

/** Chance that always says the same; 0 up to, not including, 1. */
export function fixed(value: number): Random {
  const random = new Random('fixed');
  random.next = () => value;
  return random;
}

interface ContainerParts {
  readonly runtime?: Runtime;
  readonly random?: Random;
  readonly env?: Readonly<Record<string, string>>;
  readonly skew?: () => number;
  readonly crashes?: CrashPlan;
  readonly slowerMs?: () => number;
}

/** An execution environment of a function `sample`. */
export function containerOf(clock: VirtualClock, parts: ContainerParts = {}): Container {
  const { runtime, random = new Random('test'), env = {}, skew = () => 0, crashes = () => false, slowerMs } = parts;
  const enter = runtime?.enter ?? (() => undefined);
  return new Container(
    'sample',
    HERE,
    'role',
    { env, random, skew, ...(slowerMs && { slowerMs }) },
    clock,
    enter,
    crashes,
  );
}

/** A runtime whose only function, `sample`, is this CommonJS. */
export function runtimeOf(
  source: string,
  outside: Outside = outsideOf({}),
  libraries: readonly string[] = [],
): Runtime {
  const runtime = new Runtime({ functions: { sample: source }, libraries });
  runtime.attach(outside);
  return runtime;
}

/** Packages as they are published, only those that a test needs: all take seconds. */
export function librariesOf(...packages: readonly string[]): Promise<readonly string[]> {
  return compileLibraries([packages], []);
}

/** What a promise has come to, looked at without waiting for it. */
export function watch<T>(work: Promise<T>): { result: T | undefined; error: unknown; over: boolean } {
  const seen: { result: T | undefined; error: unknown; over: boolean } = {
    result: undefined,
    error: undefined,
    over: false,
  };
  work.then(
    (result) => Object.assign(seen, { result, over: true }),
    (error: unknown) => Object.assign(seen, { error, over: true }),
  );
  return seen;
}

export const newClock = (): VirtualClock => new VirtualClock(START);

/** What Lambda gives a handler besides the event. */
export const CONTEXT = {
  awsRequestId: 'r',
  functionName: 'sample',
  functionVersion: '1',
  invokedFunctionArn: '',
  memoryLimitInMB: '128',
  getRemainingTimeInMillis: () => 0,
};
