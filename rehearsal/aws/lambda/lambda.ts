import { answered, fieldText, notModelled, refused } from '../service';
import { Described } from './described';
import { Environments } from './environments';
import { deployedFunctions, nameOf } from './functions';
import { jsonCopy } from '../../wire/json-copy';
import type { Graph } from '../../../analysis/graph/graph';
import type { Functions, InvocationResult } from '../ports';
import type { Call, Caller, Need, Reply, Service, WireFields } from '../service';
import type { EventSourceMappings } from '../sqs/event-source-mappings';
import type { Environment, EnvironmentParts } from './environments';
import type { DeployedFunction } from './functions';

/** Who stands behind an invocation. */
export type Invoker = Caller & { readonly sourceArn?: string };

/** What the functions of all regions need besides themselves. */
export interface LambdaParts extends EnvironmentParts {
  /** Why a service may not invoke a function; undefined when it may. */
  readonly mayInvoke: (by: Invoker, functionArn: string) => string | undefined;
  /** What Lambda does with the function's own role at each start of an environment (log, network interfaces, traces). */
  readonly exerciseRole: (deployed: DeployedFunction) => void;
  /** Asked late: the mappings need the functions themselves. */
  readonly mappings: () => EventSourceMappings;
  /** Hears of every invocation's end. */
  readonly onEnd: (deployed: DeployedFunction, result: InvocationResult, event: unknown) => void;
}

/** When Lambda tries an asynchronous event again, in milliseconds after each failure (Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation"). */
const RETRY_AFTER_MS = [60_000, 120_000];

/** Lambda in all regions: execution environments, invocations of both kinds, and the part of its API that our handlers call. */
export class Lambda implements Service, Functions {
  readonly name = 'lambda';
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  private readonly described: Described;
  private readonly environments = new Map<string, Environments>();
  private readonly byName = new Map<string, DeployedFunction>();
  private readonly dark = new Set<string>();
  private readonly held: { readonly region: string; readonly work: () => void }[] = [];
  private readonly broken = new Set<string>();
  private readonly losses = new Map<string, number>();
  private duplicates = 0;
  /** How many there were. */
  invocations = 0;

  constructor(
    graph: Graph,
    private readonly parts: LambdaParts,
  ) {
    this.functions = deployedFunctions(graph);
    this.described = new Described(graph);
    for (const deployed of this.functions.values()) {
      this.byName.set(`${deployed.region} ${deployed.name}`, deployed);
      this.environments.set(deployed.arn, new Environments(deployed, parts));
    }
  }

  /** Everything that runs in the region dies with it; asynchronous events stay queued until it returns. */
  silence(region: string): void {
    this.dark.add(region);
    for (const { arn, region: its } of this.functions.values())
      if (its === region) this.environments.get(arn)?.killAll();
  }

  restore(region: string): void {
    this.dark.delete(region);
    const due = this.held.filter((one) => one.region === region);
    this.held.splice(0, this.held.length, ...this.held.filter((one) => one.region !== region));
    for (const { work } of due) work();
  }

  /** Fault: every invocation of a function fails at once. @returns what ends it. */
  breakFunction(functionArn: string): () => void {
    this.broken.add(functionArn);
    return () => void this.broken.delete(functionArn);
  }

  /** Fault: whatever comes back to a function is taken in so many milliseconds later. @returns what ends it. */
  slowDown(functionArn: string, ms: number): () => void {
    const environments = this.environments.get(functionArn);
    environments?.slowDown(ms);
    return () => environments?.slowDown(0);
  }

  /** Fault: an asynchronous event for a function is lost with this probability. @returns what ends it. */
  loseEvents(functionArn: string, probability: number): () => void {
    this.losses.set(functionArn, probability);
    return () => void this.losses.delete(functionArn);
  }

  /** New code of all functions of a region: the next invocations start new environments. */
  redeploy(region: string): void {
    for (const { arn, region: its } of this.functions.values())
      if (its === region) this.environments.get(arn)?.retire();
  }

  /** Fault: an asynchronous event is delivered twice with this probability. */
  duplicateEvents(probability: number): void {
    this.duplicates = probability;
  }

  invoke(functionArn: string, event: unknown, by: Invoker, done: (result: InvocationResult) => void): void {
    const deployed = this.functions.get(unqualified(functionArn));
    const answer = (result: InvocationResult): void => {
      this.parts.clock.after(0, () => done(result));
    };
    if (!deployed) return answer({ kind: 'lost', why: `there is no function ${functionArn}` });
    if (this.dark.has(deployed.region)) return;
    const denied = by.principal.startsWith('arn:') ? undefined : this.parts.mayInvoke(by, deployed.arn);
    if (denied !== undefined) return answer({ kind: 'lost', why: denied });
    if (this.broken.has(deployed.arn)) {
      const result = { kind: 'failed', errorType: 'Runtime.ImportModuleError', message: 'injected' } as const;
      this.parts.onEnd(deployed, result, event);
      return answer(result);
    }
    this.environments.get(deployed.arn)?.acquire((environment) => {
      if (this.dark.has(deployed.region)) return;
      if ('failure' in environment) {
        const { failure } = environment;
        const result = { kind: 'failed', errorType: 'Runtime.ExitError', message: String(failure) } as const;
        this.parts.onEnd(deployed, result, event);
        return answer(result);
      }
      this.run(deployed, environment, event, answer);
    });
  }

  invokeAsync(functionArn: string, event: unknown, by: Invoker): void {
    const deployed = this.functions.get(unqualified(functionArn));
    const region = deployed?.region ?? '';
    const { clock, random } = this.parts;
    const lost = this.losses.get(unqualified(functionArn));
    if (lost !== undefined && random.chance(lost)) return;
    const expires = clock.now() + (deployed?.maximumEventAgeSeconds ?? 0) * 1_000;
    const attempt = (number: number): void => {
      if (this.dark.has(region)) {
        this.held.push({ region, work: () => attempt(number) });
        return;
      }
      this.invoke(functionArn, event, by, (result) => {
        const wait = RETRY_AFTER_MS[number] ?? RETRY_AFTER_MS.at(-1) ?? 0;
        if (result.kind === 'returned' || number >= (deployed?.retries ?? 0) || clock.now() + wait > expires) return;
        clock.after(wait, () => attempt(number + 1));
      });
    };
    attempt(0);
    if (this.duplicates > 0 && random.chance(this.duplicates)) clock.after(random.between(LATE_MS), () => attempt(0));
  }

  needs({ operation, region, input }: Call): readonly Need[] {
    switch (operation) {
      case 'Invoke':
        return [{ action: 'lambda:InvokeFunction', resource: this.arnOf(region, fieldText(input, 'FunctionName')) }];
      case 'GetFunctionConfiguration':
      case 'GetPolicy':
        return [{ action: `lambda:${operation}`, resource: this.arnOf(region, fieldText(input, 'FunctionName')) }];
      // Service authorization reference, AWS Lambda: it knows no resource.
      case 'GetAccountSettings':
        return [{ action: 'lambda:GetAccountSettings', resource: '*' }];
      case 'GetEventSourceMapping':
      case 'UpdateEventSourceMapping':
        return [
          {
            action: `lambda:${operation}`,
            resource: `arn:aws:lambda:${region}:${this.account()}:event-source-mapping:${fieldText(input, 'UUID')}`,
            context: {},
          },
        ];
      default:
        return [];
    }
  }

  handle(call: Call, reply: Reply): void {
    const { operation, region, input } = call;
    switch (operation) {
      case 'Invoke':
        return this.invoked(call, reply);
      case 'GetFunctionConfiguration':
        return reply(this.described.configuration(this.named(region, input)));
      case 'GetPolicy':
        return reply(this.described.policy(this.named(region, input)));
      case 'GetAccountSettings':
        return reply(this.described.account(region));
      case 'GetEventSourceMapping':
        return reply(this.parts.mappings().describe(fieldText(input, 'UUID')));
      case 'UpdateEventSourceMapping':
        return reply(this.parts.mappings().setEnabled(fieldText(input, 'UUID'), input['Enabled'] === true));
      default:
        return notModelled(call);
    }
  }

  private invoked({ region, input, caller }: Call, reply: Reply): void {
    const deployed = this.named(region, input);
    if (!deployed) return reply(refused('ResourceNotFoundException', 'Function not found', 404));
    const event: unknown = JSON.parse(fieldText(input, 'Payload'));
    if (input['InvocationType'] === 'Event') {
      this.invokeAsync(deployed.arn, event, caller);
      return reply(answered({ StatusCode: 202 }));
    }
    this.invoke(deployed.arn, event, caller, (result) => {
      if (result.kind === 'returned') {
        reply(answered({ StatusCode: 200, Payload: JSON.stringify(result.payload ?? null) }));
      } else {
        const [errorType, message] =
          result.kind === 'failed' ? [result.errorType, result.message] : ['Sandbox.Timedout', result.why];
        const Payload = JSON.stringify({ errorType, errorMessage: message });
        reply(answered({ StatusCode: 200, FunctionError: 'Unhandled', Payload }));
      }
    });
  }

  /** One invocation in an environment; killed at the function's time-out. */
  private run(
    deployed: DeployedFunction,
    environment: Environment,
    event: unknown,
    done: (result: InvocationResult) => void,
  ): void {
    const { clock } = this.parts;
    const { container, handler } = environment;
    const endsAt = clock.now() + deployed.timeoutMs;
    this.parts.exerciseRole(deployed);
    this.invocations += 1;
    let over = false;
    let why = 'the execution environment died';
    const finish = (result: InvocationResult): void => {
      if (over) return;
      over = true;
      timeout.cancel();
      survived();
      this.environments.get(deployed.arn)?.release(environment);
      this.parts.onEnd(deployed, result, event);
      done(result);
    };
    const timeout = clock.at(endsAt, () => {
      why = `timed out after ${deployed.timeoutMs} ms`;
      container.kill();
    });
    const survived = container.whenDead(() => {
      if (!this.dark.has(deployed.region)) finish({ kind: 'lost', why });
    });
    const context = {
      awsRequestId: container.settings.random.uuid(),
      functionName: deployed.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: deployed.arn,
      memoryLimitInMB: String(deployed.memoryMegabytes),
      getRemainingTimeInMillis: () => Math.max(endsAt - clock.now(), 0),
    };
    container.thaw();
    container.resume(() => {
      // Events and answers cross as JSON.
      handler(jsonCopy(event), context).then(
        (payload) => finish({ kind: 'returned', payload: jsonCopy(payload) }),
        (error: unknown) => finish(failedBy(error)),
      );
    });
  }

  private arnOf(region: string, nameOrArn: string): string {
    const deployed = this.byName.get(`${region} ${nameOf(nameOrArn)}`);
    return deployed?.arn ?? `arn:aws:lambda:${region}:${this.account()}:function:${nameOf(nameOrArn)}`;
  }

  private named(region: string, input: WireFields): DeployedFunction | undefined {
    return this.byName.get(`${region} ${nameOf(fieldText(input, 'FunctionName'))}`);
  }

  private account(): string {
    return [...this.functions.keys()][0]?.split(':')[4] ?? '';
  }
}

/** How late a duplicate of an event may be: assumed, Lambda documents only that there are some. */
const LATE_MS = { least: 50, most: 30_000 };

const unqualifiedArns = new Map<string, string>();

function unqualified(arn: string): string {
  const known = unqualifiedArns.get(arn) ?? arn.split(':').slice(0, 7).join(':');
  unqualifiedArns.set(arn, known);
  return known;
}

function failedBy(error: unknown): InvocationResult {
  if (error instanceof Error) return { kind: 'failed', errorType: error.name, message: error.message };
  return { kind: 'failed', errorType: 'Error', message: String(error) };
}
