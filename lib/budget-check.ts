import * as pulumi from '@pulumi/pulumi';
import { computeBudget } from './budget/budget';
import { missLines } from './budget/render';
import { isRead, readInputs } from './budget/resources';
import type { Described } from './budget/resources';
import type { Budget, Miss, Targets } from './budget/types';

type Recorded = Pick<pulumi.ResourceTransformationArgs, 'resource' | 'type' | 'name' | 'props'>;

const PROVIDER = 'pulumi:providers:aws';

/**
 * Keeps a stack whose worst case misses its targets from being deployed (X1): `pulumi preview` and `up` end with an error
 * before anything is created. The budget is made of the very inputs that the resources are registered with, written down by a
 * transformation while the program constructs them; no registration begins before `passed`.
 */
export class BudgetCheck {
  /** Of the component that everything stands in. */
  readonly record: pulumi.ResourceTransformation;
  /** What every resource of AWS must wait for. */
  readonly passed: Promise<void>;
  private readonly recorded: Recorded[] = [];
  private readonly regions = new Map<pulumi.Resource, string>();
  private pass: () => void = () => undefined;

  constructor() {
    // Never rejected: a constructor that throws is one error, and resources that wait for ever are none.
    this.passed = new Promise((resolve) => (this.pass = resolve));
    this.record = ({ resource, type, name, props }) => {
      if (type === PROVIDER) this.regions.set(resource, textOf(memberOf(props, 'region')) ?? '');
      else if (isRead(type)) this.recorded.push({ resource, type, name, props });
      return undefined;
    };
  }

  /**
   * Judges what has been constructed. To be called once, after the last resource.
   * @throws RunError that names the targets, the worst cases and the resources to blame; with failoverMode alert-only the
   * same is a warning, because nothing then fails over by itself.
   */
  check(targets: Targets): Budget {
    const { rtoSeconds, databaseRtoSeconds, rpoSeconds } = targets;
    const budget = computeBudget(this.described(), { rtoSeconds, databaseRtoSeconds, rpoSeconds });
    const { misses } = budget;
    if (!budget.allowed) throw new pulumi.RunError(refusal(misses));
    if (misses.length > 0) void pulumi.log.warn(warning(misses));
    this.pass();
    return budget;
  }

  /** The resources as the budget reads them. */
  described(): readonly Described[] {
    const known = this.knownOutputs();
    return this.recorded.map(({ resource, type, name, props }) => ({
      type,
      name,
      region: this.regionOf(resource, type),
      inputs: readInputs(type, props, (value) => plain(value, known)),
      arn: known.get(memberOf(resource, 'arn')),
      id: known.get(memberOf(resource, 'id')),
    }));
  }

  private regionOf(resource: pulumi.Resource, type: string): string {
    const provider = resource.getProvider(type);
    return (provider && this.regions.get(provider)) ?? '';
  }

  /**
   * Texts for outputs by which resources name each other. A name that was given is itself; ARNs and ids are not known before a
   * deployment, so each gets a text of its own.
   */
  private knownOutputs(): ReadonlyMap<unknown, string> {
    const known = new Map<unknown, string>();
    for (const { resource, type, name, props } of this.recorded) {
      const at = `${type} ${name} ${this.regionOf(resource, type)}`;
      known.set(memberOf(resource, 'arn'), `arn of ${at}`);
      known.set(memberOf(resource, 'id'), `id of ${at}`);
      const given = textOf(memberOf(props, 'name'));
      if (given !== undefined) known.set(memberOf(resource, 'name'), given);
    }
    known.delete(undefined);
    return known;
  }
}

/** What is known of an input before a deployment: texts, numbers, lists and objects of them; everything else is undefined. */
function plain(value: unknown, known: ReadonlyMap<unknown, string>): unknown {
  if (pulumi.Output.isInstance(value)) return known.get(value);
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item, known));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, plain(item, known)]));
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The configuration that the resources of every chain follow. */
const KEYS = 'heartbeatIntervalSeconds, probeIntervalSeconds, healthCheckIntervalSeconds, leaseSeconds';

function refusal(misses: readonly Miss[]): string {
  const promises = new Map<string, number>();
  for (const { target, worst } of misses) {
    promises.set(target.key, Math.max(promises.get(target.key) ?? 0, Math.ceil(worst)));
  }
  const commands = [...promises].map(([key, seconds]) => `pulumi config set tap:${key} ${seconds}`);
  return [
    'The worst case of this stack misses what its configuration promises, so nothing was created:',
    ...misses.flatMap(missLines).map((line) => `  ${line}`),
    `Allowed: a worst case within ${[...promises.keys()].join(' and ')}, or failoverMode alert-only. Change what is to blame ` +
      `(configuration: ${KEYS}), or promise what can be kept: ${commands.join('; ')}`,
  ].join('\n');
}

function warning(misses: readonly Miss[]): string {
  return [
    'The worst case of this stack misses its targets. It is alert-only, so nothing fails over by itself:',
    ...misses.flatMap(missLines).map((line) => `  ${line}`),
  ].join('\n');
}
