import { Container } from '../../runtime/container';
import type { VirtualClock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { CrashPlan } from '../../runtime/container';
import type { Handler, Runtime } from '../../runtime/runtime';
import type { DeployedFunction } from './functions';

/** How long Lambda takes for a new execution environment, in milliseconds. */
export interface EnvironmentNature {
  /** From the invocation to the handler's first line: download, runtime, init phase. Measured for bundles of this size: assumed. */
  readonly coldStartMs: Range;
  readonly warmStartMs: Range;
}

/** One execution environment with its handler loaded. */
export interface Environment {
  readonly container: Container;
  readonly handler: Handler;
  /** Of the code that it was made with. */
  readonly generation: number;
}

/** What environments are made with. */
export interface EnvironmentParts {
  readonly clock: VirtualClock;
  readonly runtime: Runtime;
  readonly random: Random;
  readonly nature: EnvironmentNature;
  readonly crashes: CrashPlan;
  readonly skew: (region: string) => number;
}

/** The execution environments of one function: as many as there were invocations at once. */
export class Environments {
  private idle: Environment[] = [];
  private readonly all = new Set<Container>();
  private made = 0;
  private generation = 0;
  private slowerMs = 0;

  constructor(
    private readonly deployed: DeployedFunction,
    private readonly parts: EnvironmentParts,
  ) {}

  /**
   * Hands over an environment when it is there.
   * @param ready `failure` is what the init phase threw.
   */
  acquire(ready: (environment: Environment | { readonly failure: unknown }) => void): void {
    const { clock, nature, random } = this.parts;
    const warm = this.idle.pop();
    if (warm) {
      clock.after(random.between(nature.warmStartMs), () => ready(warm));
      return;
    }
    clock.after(random.between(nature.coldStartMs), () => ready(this.create()));
  }

  /** Keeps an environment for the next invocation, unless it is dead. */
  release(environment: Environment): void {
    const { container, generation } = environment;
    container.freeze();
    if (generation !== this.generation) container.kill();
    if (container.dead) this.all.delete(container);
    else this.idle.push(environment);
  }

  /** Fault: what comes back to this function is taken in so many milliseconds later, from now on. */
  slowDown(ms: number): void {
    this.slowerMs = ms;
  }

  /** New code: what is idle is given up, what runs ends its invocation and is given up then. */
  retire(): void {
    this.generation += 1;
    for (const { container } of this.idle) container.kill();
    this.idle = [];
  }

  /** The whole region is gone: so is everything that runs in it. */
  killAll(): void {
    for (const container of this.all) container.kill();
    this.all.clear();
    this.idle = [];
  }

  private create(): Environment | { readonly failure: unknown } {
    const { deployed } = this;
    const { runtime, clock, random, skew, crashes } = this.parts;
    this.made += 1;
    const settings = {
      env: environmentVariables(deployed),
      random: random.stream(`${deployed.region}/${deployed.name}/${this.made}`),
      skew: () => skew(deployed.region),
      slowerMs: () => this.slowerMs,
    };
    const { name, region, roleArn } = deployed;
    const container = new Container(name, region, roleArn, settings, clock, runtime.enter, crashes);
    this.all.add(container);
    try {
      return { container, handler: runtime.load(deployed.source, container), generation: this.generation };
    } catch (failure) {
      container.kill();
      return { failure };
    }
  }
}

/** What the runtime sets beside the function's own variables (Lambda developer guide, "Defined runtime environment variables"). */
function environmentVariables({ env, name, region, memoryMegabytes }: DeployedFunction): Record<string, string> {
  return {
    ...env,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_SESSION_TOKEN: 'simulated',
  };
}
