import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Functions, Topics } from '../ports';
import type { JsonObject, PutEvent } from './event';
import { EVENTBRIDGE_NATURE } from './nature';
import type { EventBridgeNature } from './nature';
import { ruleCatalogue } from './rule-catalogue';
import type { Resources, RuleDefinition, RuleTarget } from './rule-catalogue';

/** Whom rules call. */
export interface EventPorts {
  readonly functions: Pick<Functions, 'invokeAsync'>;
  readonly topics: Topics;
}

/** One rule at work, and what faults do to its invocations. */
interface Run {
  readonly rule: RuleDefinition;
  readonly random: Random;
  /** Probabilities. */
  lost: number;
  twice: number;
  delayMs: number;
}

/** Who calls the targets of rules (EventBridge guide, "Resource-based policies"). */
const EVENTS = 'events.amazonaws.com';

/** What a schedule puts in its event (EventBridge guide, "Scheduled events"). */
const SCHEDULED = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} } as const;

/** EventBridge's default buses of all regions: scheduled rules, rules with patterns, and their targets. */
export class EventBridge {
  private readonly runs = new Map<string, Run>();
  private readonly dark = new Set<string>();

  /** @throws NotModelledError for a rule or target with a setting that is not modelled. */
  constructor(
    graph: Resources,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly ports: EventPorts,
    private readonly nature: EventBridgeNature = EVENTBRIDGE_NATURE,
  ) {
    for (const rule of ruleCatalogue(graph)) {
      const place = `${rule.region}/${rule.name}`;
      const run = { rule, random: random.stream(place), lost: 0, twice: 0, delayMs: 0 };
      this.runs.set(place, run);
      if (rule.everyMs === undefined) continue;
      const first = clock.now() + run.random.between(nature.phase) * rule.everyMs;
      clock.at(first, () => this.fire(run, first));
    }
  }

  /** A service of a region puts an event on the default bus: every rule of the region that it matches is triggered. */
  emit(region: string, event: PutEvent): void {
    if (this.dark.has(region)) return;
    let full: JsonObject | undefined;
    for (const run of this.runs.values()) {
      const { matches, account } = run.rule;
      if (run.rule.region !== region || !matches) continue;
      full ??= this.completed(event, region, account);
      if (matches(full)) this.trigger(run, full);
    }
  }

  /** The region is lost: its rules do not fire, and what was on its way to a target is lost. */
  silence(region: string): void {
    this.dark.add(region);
  }

  /** The region is back: rules fire at the times they would have; nothing is made up for. */
  restore(region: string): void {
    this.dark.delete(region);
  }

  /**
   * From now on a target's invocation is lost with this probability; 0 ends it.
   * @throws Error for a rule that the region does not have.
   */
  loseInvocation(region: string, rule: string, probability: number): void {
    this.of(region, rule).lost = probability;
  }

  /** As `loseInvocation`, but it comes twice: EventBridge delivers at least once. */
  repeatInvocation(region: string, rule: string, probability: number): void {
    this.of(region, rule).twice = probability;
  }

  /** From now on invocations come so much later; 0 ends it. */
  delayInvocations(region: string, rule: string, ms: number): void {
    this.of(region, rule).delayMs = ms;
  }

  private of(region: string, rule: string): Run {
    const run = this.runs.get(`${region}/${rule}`);
    if (!run) throw new Error(`there is no rule ${rule} in ${region}`);
    return run;
  }

  private fire(run: Run, at: number): void {
    const { everyMs, region, account, arn } = run.rule;
    if (everyMs === undefined) return;
    const next = at + everyMs;
    this.clock.at(next, () => this.fire(run, next));
    if (this.dark.has(region)) return;
    this.trigger(run, this.completed({ ...SCHEDULED, resources: [arn], at }, region, account));
  }

  private trigger(run: Run, event: JsonObject): void {
    for (const target of run.rule.targets) {
      const times = run.twice > 0 && run.random.chance(run.twice) ? 2 : 1;
      for (let time = 0; time < times; time += 1) this.send(run, target, event);
    }
  }

  private send(run: Run, target: RuleTarget, event: JsonObject): void {
    const delay = run.random.between(this.nature.deliveryMs) + run.delayMs;
    if (run.lost > 0 && run.random.chance(run.lost)) return;
    this.clock.after(delay, () => {
      if (this.dark.has(run.rule.region)) return;
      this.deliver(run.rule, target, event);
    });
  }

  private deliver(
    { region, name, arn: sourceArn }: RuleDefinition,
    { kind, arn, input }: RuleTarget,
    event: JsonObject,
  ): void {
    const by = { principal: EVENTS, from: region, name };
    const body = input.kind === 'constant' ? input.json : bodyOf(input, event);
    if (kind === 'topic') this.ports.topics.publish(arn, { body }, by);
    // Every invocation gets an object of its own: handlers may write to theirs.
    else this.ports.functions.invokeAsync(arn, JSON.parse(body), { ...by, sourceArn });
  }

  /** The envelope of an event (EventBridge guide, "Events"): the time is in whole seconds. */
  private completed(event: PutEvent, region: string, account: string): JsonObject {
    const { source, 'detail-type': detailType, detail, resources = [], at = this.clock.now() } = event;
    return {
      version: '0',
      id: this.random.uuid(),
      'detail-type': detailType,
      source,
      account,
      time: `${new Date(at).toISOString().slice(0, 19)}Z`,
      region,
      resources,
      detail,
    };
  }
}

function bodyOf(input: Exclude<RuleTarget['input'], { kind: 'constant' }>, event: JsonObject): string {
  return input.kind === 'transformed' ? input.transform(event) : JSON.stringify(event);
}
