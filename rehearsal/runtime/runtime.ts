import { createRequire } from 'node:module';
import nodePath from 'node:path';
import { ROOT } from '../../lib/bundles';
import { simulatedModules } from './modules';
import { VirtualClock } from '../kernel/clock';
import { Random } from '../kernel/random';
import { withSimulatedClients } from './clients';
import { Container } from './container';
import { virtualDate } from './virtual-date';
import type { HandlerCode } from './code';
import type { Outside } from './ports';

/** What Lambda gives a handler besides the event. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly getRemainingTimeInMillis: () => number;
}

export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

type Require = (name: string) => unknown;
type Module = { exports: Record<string, unknown> };
type Factory = (...values: readonly unknown[]) => void;

/** The names that code in an execution environment finds instead of Node's own. */
const GLOBALS = [
  'process',
  'console',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'setImmediate',
  'Date',
  'Math',
  'AbortSignal',
] as const;

/**
 * Node as handler code finds it: time, chance, network and environment variables are those of the execution environment that
 * runs at the moment. Events of the clock never run two environments, so "at the moment" is well defined.
 */
export class Runtime {
  private readonly factories = new Map<string, Factory>();
  private readonly libraries: Readonly<Record<string, unknown>>;
  private readonly globals: readonly unknown[];
  private readonly node: ReadonlyMap<string, unknown>;
  private running: Container | undefined;
  private world: Outside | undefined;

  constructor(
    private readonly code: HandlerCode,
    options: { readonly signed: boolean } = { signed: false },
  ) {
    const owner = (): Container => this.running ?? LOADING;
    // One runtime serves many runs, one after another: each brings its own outside.
    const outside: Outside = {
      call: (...given) => this.outside().call(...given),
      web: (...given) => this.outside().web(...given),
      dns: (...given) => this.outside().dns(...given),
      socket: (from) => this.outside().socket(from),
      log: (...given) => this.outside().log(...given),
    };
    this.node = simulatedModules(owner, outside);
    this.globals = globalsOf(owner, outside);
    const host = createRequire(nodePath.join(ROOT, 'package.json'));
    const exports: Record<string, unknown> = {};
    // Packages take settings from files only where the environment has none, and there are no files in Lambda.
    const requireNode: Require = (name) => this.node.get(name.replace(/^node:/, '')) ?? host(name);
    for (const [index, text] of code.libraries.entries()) {
      const module: Module = { exports: {} };
      compile(`libraries-${index}`, text)(requireNode, module, module.exports, ...this.globals);
      Object.assign(exports, module.exports);
    }
    this.libraries = withSimulatedClients(exports, owner, outside, options);
  }

  /** Begins a run: what the next environments do, leaves through it. */
  attach(outside: Outside): void {
    this.world = outside;
    this.running = undefined;
  }

  readonly enter = (container: Container): void => {
    this.running = container;
  };

  /**
   * Evaluates a function's sources in an environment: what Lambda calls the init phase.
   * @throws whatever the module throws, a ConfigError of its environment for example.
   */
  load(functionName: string, container: Container): Handler {
    const text = this.code.functions[functionName];
    if (text === undefined) throw new Error(`there is no function ${functionName} in lambda/`);
    const factory = this.factories.get(functionName) ?? compile(functionName, text);
    this.factories.set(functionName, factory);
    const module: Module = { exports: {} };
    const require: Require = (name) => this.provide(name);
    this.enter(container);
    factory(require, module, module.exports, ...this.globals);
    const { handler } = module.exports;
    if (!isHandler(handler)) throw new Error(`${functionName} exports no handler`);
    return handler;
  }

  private provide(name: string): unknown {
    const library = this.libraries[name] ?? this.node.get(name.replace(/^node:/, ''));
    if (library === undefined) throw new Error(`handlers import ${name}, which the rehearsal does not provide`);
    return library;
  }

  private outside(): Outside {
    if (!this.world) throw new Error('no run is attached');
    return this.world;
  }
}

/** Who packages belong to while they are loaded, before any run. */
const LOADING = new Container(
  'loading',
  'nowhere',
  'nobody',
  { env: {}, random: new Random('loading'), skew: () => 0 },
  new VirtualClock(0),
  () => undefined,
  () => false,
);

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

/** One function whose parameters hide Node's globals; its inner functions are compiled once, whatever it is called. */
function compile(name: string, text: string): Factory {
  const source = `${text}\n//# sourceURL=rehearsal/${name}.js`;
  // The sources are ours and Node's module wrapper does the same; `vm` would give them the realm of its own choice.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const factory: unknown = new Function('require', 'module', 'exports', ...GLOBALS, source);
  if (!isFactory(factory)) throw new TypeError(`${name} cannot be compiled`);
  return factory;
}

function isFactory(value: unknown): value is Factory {
  return typeof value === 'function';
}

function globalsOf(owner: () => Container, outside: Outside): readonly unknown[] {
  const process = Object.create(globalThis.process, {
    // The version of the runtime that the functions are deployed with.
    version: { value: 'v24.0.0', enumerable: true },
    env: { get: () => owner().settings.env, enumerable: true },
  }) as NodeJS.Process;
  const print = (...parts: unknown[]): void => outside.log(owner(), parts.map(String).join(' '));
  const console = { log: print, info: print, warn: print, error: print, debug: print, trace: print };
  const setTimeout = (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): object => {
    const timer = owner().timer(ms, () => work(...args));
    const handle = { cancel: () => timer.cancel(), ref: () => handle, unref: () => handle, hasRef: () => true };
    return handle;
  };
  const clearTimeout = (handle: unknown): void => {
    if (typeof handle === 'object' && handle !== null && 'cancel' in handle && typeof handle.cancel === 'function') {
      Reflect.apply(handle.cancel, handle, []);
    }
  };
  const setInterval = (): never => {
    throw new Error('setInterval is not modelled');
  };
  const setImmediate = (work: () => void): object => setTimeout(work);
  const math = Object.create(Math, { random: { value: () => owner().settings.random.next() } }) as Math;
  const date = virtualDate(() => owner().now());
  const signal = Object.create(AbortSignal, {
    timeout: { value: (ms: number) => timeoutSignal(owner(), ms) },
  }) as typeof AbortSignal;
  return [process, console, setTimeout, clearTimeout, setInterval, setImmediate, date, math, signal];
}

function timeoutSignal(owner: Container, ms: number): AbortSignal {
  const controller = new AbortController();
  owner.timer(ms, () => controller.abort(new DOMException('The operation timed out', 'TimeoutError')));
  return controller.signal;
}
