import { refused, type Call } from '../../../../rehearsal/aws/service';
import type { Authorizer } from '../../../../rehearsal/iam/authorizer';
import { Injector } from '../../../../rehearsal/faults/injector';
import type { Fault } from '../../../../rehearsal/faults/fault';
import { Resolver } from '../../../../rehearsal/network/resolver';
import { Traffic } from '../../../../rehearsal/traffic/traffic';
import { Random } from '../../../../rehearsal/kernel/random';
import { Container } from '../../../../rehearsal/runtime/container';
import { endpointOf } from '../../../../rehearsal/wire/endpoint';
import { PROTOCOLS } from '../../../../rehearsal/wire/protocols';
import { World } from '../../../../rehearsal/world/world';
import type { Typed } from './entry';
import { type Stage, TAP } from './stage';

/** A Monday morning; which one makes no difference. */
export const START = Date.UTC(2026, 0, 5, 8);

/** After this the readiness checks have run once and every function has a first verdict. */
const SETTLED_MS = 400_000;

/** What a person does at the keyboard, and where. */
export interface Keyboard {
  /** What is typed to the questions, in turn. */
  readonly types?: readonly string[];
  /** @default true unless `env` says CI */
  readonly isTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** @default the outputs of the stack */
  readonly outputs?: Typed['machine']['outputs'];
  /** The terminal dies that many milliseconds after the command began. */
  readonly diesAfterMs?: number;
  /** @default the operator's role */
  readonly role?: string;
  /** Writes a file. @default into `files`, and it never fails */
  readonly save?: Typed['machine']['save'];
}

/** What came of a command. */
export interface Transcript {
  /** Undefined when the terminal has died. */
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
  /** Both as they appear on a terminal, one after the other. */
  readonly screen: string;
  /** Virtual milliseconds. */
  readonly tookMs: number;
  /** What it called AWS for, with what came of it: `lambda.Invoke eu-central-2 ok`. */
  readonly calls: readonly string[];
}

/** Ends a test whose command never ends: longer than the hour for which a drill waits. */
const LONGEST_MS = 7_200_000;

/** A platform that runs, and somebody who types commands. */
export class Scene {
  readonly world: World;
  /** Calls of everybody, in order. */
  readonly calls: (Pick<Call, 'service' | 'operation' | 'region' | 'input'> & {
    readonly by: string;
    readonly result: string;
  })[] = [];
  /** Of whoever types; AWS refuses those that have expired, whatever is asked. */
  credentials: 'good' | 'expired' = 'good';
  /** What commands have written, by name. */
  readonly files = new Map<string, string>();
  private terminals = 0;

  private constructor(
    private readonly stage: Stage,
    seed: string,
  ) {
    const { graph, runtime, authorizer } = stage;
    this.world = new World({ graph, runtime, authorizer: withAdministrator(authorizer), seed, start: START });
    stage.playing = this.world;
    this.checkCredentials();
    this.world.observers.add({
      call: ({ service, operation, region, input, caller }, answer) => {
        const result = answer === 'no answer' ? answer : answer.ok ? 'ok' : answer.error.code;
        this.calls.push({ service, operation, region, input, by: caller.name, result });
      },
    });
  }

  /** A stack that has worked for some minutes. */
  static async open(stage: Stage, seed = 'tap'): Promise<Scene> {
    const scene = new Scene(stage, seed);
    await scene.pass(SETTLED_MS);
    return scene;
  }

  get primary(): string {
    return this.world.setting.regions.primary;
  }

  get dr(): string {
    return this.world.setting.regions.dr;
  }

  /** Lets time go by. */
  async pass(ms: number): Promise<void> {
    this.play();
    const { clock } = this.world;
    await clock.run(clock.now() + ms);
  }

  /** Types one command and lets time go by until it ends. */
  async tap(line: string, keyboard: Keyboard = {}): Promise<Transcript> {
    const { clock } = this.world;
    const began = clock.now();
    this.play();
    const terminal = this.open(line, keyboard);
    if (keyboard.diesAfterMs !== undefined) clock.after(keyboard.diesAfterMs, () => terminal.container.kill());
    while (!terminal.ended && !terminal.container.dead && clock.now() - began < LONGEST_MS) await this.pass(100);
    if (terminal.failure) throw terminal.failure;
    const calls = this.calls
      .filter(({ by }) => by === terminal.container.name)
      .map(({ service, operation, region, result }) => `${service}.${operation} ${region} ${result}`);
    const { code, out, err, screen } = terminal;
    return { code, out, err, screen, tookMs: clock.now() - began, calls };
  }

  /** Sends orders and payments through the platform's own name, one in so many milliseconds, for so long. */
  traffic(everyMs: number, forMs: number): Traffic {
    const { clock, endpoints, route53, setting, random } = this.world;
    const resolvers = [new Resolver(clock, route53)];
    const { apiHost: host, kinds } = setting;
    const traffic = new Traffic({ clock, random: random.stream('traffic'), web: endpoints, resolvers, host, kinds });
    traffic.run(clock.now(), clock.now() + forMs, () => everyMs);
    return traffic;
  }

  /** Lets something go wrong now, for as long as told. */
  break(fault: Fault, untilSeconds?: number): void {
    const window = { fault, from: 0, ...(untilSeconds !== undefined && { until: untilSeconds }) };
    new Injector(this.world).schedule([window], this.world.clock.now());
  }

  /** The stage is shared, and one world at a time is played on it. */
  private play(): void {
    const { stage, world } = this;
    if (stage.playing === world) return;
    stage.playing = world;
    stage.runtime.attach(world.gateway);
  }

  /** As each service answers a token that is too old (IAM user guide, "Troubleshoot temporary security credentials"). */
  private checkCredentials(): void {
    const { clock, gateway } = this.world;
    const { call } = gateway;
    gateway.call = (from, request, connection, done) => {
      if (this.credentials === 'good' || !from.name.startsWith(TERMINAL)) return call(from, request, connection, done);
      const protocol = PROTOCOLS[endpointOf(request.hostname).service];
      const { operation } = protocol.decode(request);
      clock.after(20, () => done(protocol.encode(operation, EXPIRED)));
    };
  }

  private open(line: string, keyboard: Keyboard) {
    const { runtime, operatorRole, graph } = this.stage;
    const { types = [], isTerminal = true, env = { NO_COLOR: '1' }, outputs, role = operatorRole, save } = keyboard;
    this.terminals += 1;
    const { clock } = this.world;
    const container = new Container(
      `${TERMINAL}-${this.terminals}`,
      'outside',
      role,
      { env, random: new Random(`terminal ${this.terminals}`), skew: () => 0 },
      clock,
      runtime.enter,
      () => false,
    );
    const state = {
      container,
      ended: false,
      code: undefined as number | undefined,
      failure: undefined as Error | undefined,
      out: '',
      err: '',
      screen: '',
    };
    const show = (where: 'out' | 'err', text: string): void => {
      state[where] += text;
      state.screen += text;
    };
    const answers = [...types];
    const machine: Typed['machine'] = {
      user: 'ann@laptop',
      save:
        save ??
        ((name, text) => {
          this.files.set(name, text);
          return Promise.resolve(name);
        }),
      screen: {
        out: (text) => show('out', text),
        err: (text) => show('err', text),
        isTerminal,
        env,
        ask: (question) => {
          const typed = answers.shift();
          show('err', `${question}${typed ?? ''}\n`);
          return Promise.resolve(typed);
        },
      },
      outputs: outputs ?? {
        file: () => Promise.resolve(graph.outputs),
        pulumi: () => Promise.resolve(graph.outputs),
        write: () => Promise.resolve('cfn-outputs/flat-outputs.json'),
      },
    };
    const event: Typed = { argv: words(line), machine };
    const handler = runtime.load(TAP, container);
    container.resume(() => {
      handler(event, CONTEXT).then(
        (code) => Object.assign(state, { ended: true, code }),
        (failure: unknown) =>
          Object.assign(state, {
            ended: true,
            failure: failure instanceof Error ? failure : new Error(String(failure)),
          }),
      );
    });
    return state;
  }
}

/** Whoever deploys and destroys stacks: may do everything, and has no policy in the stack. */
export const ADMINISTRATOR = 'arn:aws:iam::123456789012:role/administrator';

function withAdministrator(authorizer: Authorizer): Authorizer {
  const denied: Authorizer['denied'] = (caller, needs) =>
    caller.principal === ADMINISTRATOR ? undefined : authorizer.denied(caller, needs);
  return Object.create(authorizer, { denied: { value: denied } }) as Authorizer;
}

const TERMINAL = 'terminal';

const EXPIRED = refused('ExpiredTokenException', 'The security token included in the request is expired', 403);

/** Operations that change something, of all services that are simulated. Invoke is none: what it does is called itself. */
export const CHANGES: ReadonlySet<string> = new Set([
  'ChangeResourceRecordSets',
  'DeleteItem',
  'FailoverGlobalCluster',
  'Publish',
  'PutItem',
  'PutMetricData',
  'PutObject',
  'PutParameter',
  'RemoveFromGlobalCluster',
  'SendMessage',
  'SendMessageBatch',
  'SwitchoverGlobalCluster',
  'UpdateAutoScalingGroup',
  'UpdateEventSourceMapping',
  'UpdateItem',
]);

/** A command line as a shell splits it, with double quotes and nothing else. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** The command is no function of Lambda's: nothing of this is looked at. */
const CONTEXT = {
  awsRequestId: '',
  functionName: TAP,
  functionVersion: '',
  invokedFunctionArn: '',
  memoryLimitInMB: '',
  getRemainingTimeInMillis: () => 0,
};
