import { text } from '../../analysis/graph/graph';
import type { Graph, GraphResource } from '../../analysis/graph/graph';
import type { Metrics } from '../aws/ports';
import type { VirtualClock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { CANARY } from '../runtime/canary';
import { Container } from '../runtime/container';
import type { Runtime } from '../runtime/runtime';

/** What the canaries of a run are made with. */
export interface SyntheticsParts {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly runtime: Runtime;
  readonly metrics: Metrics;
  readonly skew: (region: string) => number;
  readonly isDark: (region: string) => boolean;
}

const MINUTE_MS = 60_000;
const PERCENT = 100;

/**
 * CloudWatch Synthetics: runs each canary's own script on its schedule in a fresh environment and publishes SuccessPercent
 * (CloudWatch user guide, "Synthetic monitoring (canaries)" and "CloudWatch metrics published by canaries").
 */
export class Synthetics {
  private readonly broken = new Set<string>();

  constructor(
    graph: Graph,
    private readonly parts: SyntheticsParts,
  ) {
    for (const canary of graph.all('aws:synthetics/canary:Canary')) this.schedule(canary);
  }

  /** Fault: the canaries of a region fail whatever they find. @returns what ends it. */
  breakCanaries(region: string): () => void {
    this.broken.add(region);
    return () => void this.broken.delete(region);
  }

  private schedule(canary: GraphResource): void {
    const { clock, random } = this.parts;
    const everyMs = intervalMs(canary);
    const tick = (): void => {
      this.run(canary);
      clock.after(everyMs, tick);
    };
    clock.after(random.stream(canary.name).between({ least: 0, most: everyMs }), tick);
  }

  private run(canary: GraphResource): void {
    const { clock, random, runtime, skew, isDark } = this.parts;
    const { region = '', inputs } = canary;
    if (isDark(region)) return;
    const name = text(inputs, 'name');
    const settings = { env: variablesOf(canary), random: random.stream(name), skew: () => skew(region) };
    const role = text(inputs, 'executionRoleArn');
    const container = new Container(name, region, role, settings, clock, runtime.enter, () => false);
    const handler = runtime.load(CANARY, container);
    let over = false;
    const finish = (success: boolean): void => {
      if (over) return;
      over = true;
      timeout.cancel();
      container.kill();
      if (!isDark(region)) this.publish(region, name, success && !this.broken.has(region));
    };
    const timeout = clock.after(timeoutMs(canary), () => finish(false));
    const context = {
      awsRequestId: name,
      functionName: name,
      functionVersion: '1',
      invokedFunctionArn: '',
      memoryLimitInMB: '960',
      getRemainingTimeInMillis: () => 0,
    };
    container.resume(() => {
      handler({}, context).then(
        () => finish(true),
        () => finish(false),
      );
    });
  }

  private publish(region: string, name: string, success: boolean): void {
    this.parts.metrics.put(region, {
      namespace: 'CloudWatchSynthetics',
      name: 'SuccessPercent',
      dimensions: { CanaryName: name },
      value: success ? PERCENT : 0,
      at: this.parts.clock.now(),
      resolution: 60,
    });
  }
}

/** `rate(5 minutes)` in milliseconds. @throws Error for another form, which no canary of ours has. */
function intervalMs({ inputs, name }: GraphResource): number {
  const schedule = inputs['schedule'];
  const expression = isObject(schedule) ? schedule['expression'] : undefined;
  const minutes = typeof expression === 'string' ? /^rate\((\d+) minutes?\)$/.exec(expression)?.[1] : undefined;
  if (minutes === undefined) throw new Error(`the schedule of canary ${name} is not modelled`);
  return Number(minutes) * MINUTE_MS;
}

function timeoutMs({ inputs }: GraphResource): number {
  const config = inputs['runConfig'];
  const seconds = isObject(config) ? config['timeoutInSeconds'] : undefined;
  return typeof seconds === 'number' ? seconds * 1_000 : MINUTE_MS;
}

function variablesOf({ inputs }: GraphResource): Readonly<Record<string, string>> {
  const config = inputs['runConfig'];
  const variables = isObject(config) ? config['environmentVariables'] : undefined;
  if (!isObject(variables)) return {};
  return Object.fromEntries(Object.keys(variables).map((key) => [key, text(variables, key)]));
}

function isObject(value: unknown): value is GraphResource['inputs'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
