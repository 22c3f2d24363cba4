import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Graph } from '../../../analysis/graph/graph';
import { healthAnswer } from '../../../fleet/service/health';
import type { HttpAnswer } from '../ports';
import { answered, notModelled, refused } from '../service';
import type { Answer, Call, Need, Reply, Service, Wire, WireFields } from '../service';
import { Fleet, type RefusedCapacity } from './fleet';
import { readGroups, type Sizes } from './group-settings';
import { AUTO_SCALING_NATURE, type AutoScalingNature } from './nature';

export type { AutoScalingNature, RefusedCapacity };

/** A group has changed; `at` in milliseconds since 1970. */
export interface CapacityChange {
  readonly at: number;
  readonly region: string;
  readonly group: string;
  readonly desired: number;
  readonly inService: number;
  readonly healthy: number;
  readonly why: string;
}

/** What instances see of the rest of the world. */
export interface FleetPorts {
  /** What the application's /health looks at: whether this region's table of sessions and its site answer. */
  readonly stores: (region: string) => { readonly sessions: boolean; readonly site: boolean };
  /** For the trace. */
  readonly onCapacity?: (change: CapacityChange) => void;
}

/**
 * EC2 Auto Scaling of all regions, and what a load balancer in front of a fleet answers. Scaling policies do nothing: the
 * clients of a rehearsal are no load.
 */
export class AutoScaling implements Service {
  readonly name = 'autoscaling';
  private readonly fleets: ReadonlyMap<string, readonly Fleet[]>;
  private readonly created: Date;

  /** @throws NotModelledError, Error for a graph that this model or AWS would refuse. */
  constructor(
    graph: Graph,
    private readonly clock: Clock,
    random: Random,
    private readonly ports: FleetPorts,
    nature: AutoScalingNature = AUTO_SCALING_NATURE,
  ) {
    this.created = new Date(clock.now());
    const fleets = new Map<string, Fleet[]>();
    for (const settings of readGroups(graph)) {
      const { region, name } = settings;
      const fleet: Fleet = new Fleet(clock, random.stream(`${region}/${name}`), settings, nature, (why) =>
        this.told(fleet, why),
      );
      fleets.set(region, [...(fleets.get(region) ?? []), fleet]);
    }
    this.fleets = fleets;
  }

  /** How many instances of a region get requests. */
  healthyInstances(region: string): number {
    return this.of(region).reduce((sum, fleet) => sum + fleet.capacity().healthy, 0);
  }

  /** What the load balancer of a region answers to GET /health. @throws Error where there is no fleet, or more than one. */
  fleetHealth(region: string): HttpAnswer {
    const [fleet, other] = this.of(region);
    if (!fleet || other) throw new Error(`${region} has no fleet, or more than one`);
    const { inService, healthy } = fleet.capacity();
    // Without a target the load balancer says so; with bad ones only it asks them all the same, and nobody answers there.
    if (healthy === 0) return { status: inService === 0 ? 503 : 502, body: '' };
    const { sessions, site } = this.ports.stores(region);
    const { status, body } = healthAnswer(region, sessions, site, this.clock.now());
    return { status, body: JSON.stringify(body) };
  }

  /** Fault: EC2 launches nothing in a region; Auto Scaling goes on trying. */
  refuseCapacity(region: string, kind: RefusedCapacity = 'InsufficientInstanceCapacity'): void {
    for (const fleet of this.of(region)) fleet.refuse(kind);
  }

  /** Ends `refuseCapacity`. */
  allowCapacity(region: string): void {
    for (const fleet of this.of(region)) fleet.refuse(undefined);
  }

  /** Fault: so many instances of each group of a region stop running; they are replaced when that is noticed. */
  loseInstances(region: string, count: number): void {
    for (const fleet of this.of(region)) fleet.lose(count);
  }

  /** Service authorization reference, Amazon EC2 Auto Scaling: Describe* knows no resource. */
  needs(call: Call): readonly Need[] {
    if (call.operation === 'DescribeAutoScalingGroups') {
      return [{ action: 'autoscaling:DescribeAutoScalingGroups', resource: '*' }];
    }
    if (call.operation !== 'UpdateAutoScalingGroup') return notModelled(call);
    const name = nameOf(call);
    const settings = this.find(call.region, name)?.settings;
    const context: Record<string, readonly string[]> = {};
    for (const [key, value] of Object.entries(settings?.tags ?? {})) {
      context[`aws:ResourceTag/${key}`] = [value];
      context[`autoscaling:ResourceTag/${key}`] = [value];
    }
    for (const key of ['MinSize', 'MaxSize']) {
      const size = sizeOf(call, key);
      if (size !== undefined) context[`autoscaling:${key}`] = [String(size)];
    }
    const account = /:(\d{12}):/.exec(call.caller.principal)?.[1] ?? '';
    const unknown = `arn:aws:autoscaling:${call.region}:${account}:autoScalingGroup:*:autoScalingGroupName/${name}`;
    return [{ action: 'autoscaling:UpdateAutoScalingGroup', resource: settings?.arn ?? unknown, context }];
  }

  handle(call: Call, reply: Reply): void {
    reply(this.answer(call));
  }

  private answer(call: Call): Answer {
    if (call.operation === 'DescribeAutoScalingGroups') return this.describe(call);
    if (call.operation === 'UpdateAutoScalingGroup') return this.update(call);
    return notModelled(call);
  }

  /** Groups that do not exist are left out. */
  private describe(call: Call): Answer {
    const names = namesOf(call);
    const found = this.of(call.region).filter(({ settings }) => names === undefined || names.includes(settings.name));
    return answered({ AutoScalingGroups: found.map((fleet) => this.description(fleet)) });
  }

  private description({ settings, sizes, instances }: Fleet): WireFields {
    const { launchTemplate: template } = settings;
    const launched = template && { LaunchTemplateId: template.id, Version: template.version };
    return {
      ...(launched && { LaunchTemplate: launched }),
      AutoScalingGroupName: settings.name,
      AutoScalingGroupARN: settings.arn,
      MinSize: sizes.minSize,
      MaxSize: sizes.maxSize,
      DesiredCapacity: sizes.desiredCapacity,
      DefaultCooldown: DEFAULT_COOLDOWN,
      AvailabilityZones: settings.zones,
      HealthCheckType: settings.healthCheckType,
      HealthCheckGracePeriod: settings.healthCheckGracePeriod,
      TargetGroupARNs: settings.targetGroupArns,
      VPCZoneIdentifier: settings.subnetIds.join(','),
      CreatedTime: this.created,
      Instances: instances.map(({ id, zone, state }) => ({
        InstanceId: id,
        AvailabilityZone: zone,
        LifecycleState: state,
        HealthStatus: 'Healthy',
        ProtectedFromScaleIn: false,
        ...(launched && { LaunchTemplate: launched }),
      })),
    };
  }

  private update(call: Call): Answer {
    const odd = Object.keys(call.input).find((key) => !UPDATED.includes(key));
    if (odd !== undefined) return notModelled(call, odd);
    const fleet = this.find(call.region, nameOf(call));
    if (!fleet) return refused('ValidationError', 'AutoScalingGroup name not found - null');
    const sizes = resized(call, fleet);
    if (sizes.desiredCapacity < fleet.sizes.desiredCapacity) return notModelled(call, 'scaling in');
    const fault = fleet.resize(sizes);
    return fault === undefined ? answered() : refused('ValidationError', fault);
  }

  private of(region: string): readonly Fleet[] {
    return this.fleets.get(region) ?? [];
  }

  private find(region: string, name: string): Fleet | undefined {
    return this.of(region).find(({ settings }) => settings.name === name);
  }

  private told(fleet: Fleet, why: string): void {
    const { onCapacity } = this.ports;
    if (!onCapacity) return;
    const { sizes, inService, healthy } = fleet.capacity();
    const { region, name } = fleet.settings;
    onCapacity({
      at: this.clock.now(),
      region,
      group: name,
      desired: sizes.desiredCapacity,
      inService,
      healthy,
      why,
    });
  }
}

/** Seconds, where the group says nothing (API reference, CreateAutoScalingGroup). */
const DEFAULT_COOLDOWN = 300;

const UPDATED = ['AutoScalingGroupName', 'MinSize', 'MaxSize', 'DesiredCapacity'];

/**
 * The sizes after an update (API reference, UpdateAutoScalingGroup): what is not named stays, and without a DesiredCapacity it
 * follows a MinSize above the group's current size, or a MaxSize below it.
 */
function resized(call: Call, { sizes }: Fleet): Sizes {
  const minSize = sizeOf(call, 'MinSize') ?? sizes.minSize;
  const maxSize = sizeOf(call, 'MaxSize') ?? sizes.maxSize;
  const desiredCapacity =
    sizeOf(call, 'DesiredCapacity') ?? Math.min(Math.max(sizes.desiredCapacity, minSize), maxSize);
  return { minSize, maxSize, desiredCapacity };
}

function nameOf(call: Call): string {
  const { AutoScalingGroupName: name } = call.input;
  return typeof name === 'string' ? name : notModelled(call, 'an input without AutoScalingGroupName');
}

/** The query protocol carries numbers as text. */
function sizeOf(call: Call, key: string): number | undefined {
  const value = call.input[key];
  if (value === undefined) return undefined;
  const size = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return Number.isInteger(size) && size >= 0 ? size : notModelled(call, `${key} that is no number`);
}

/** Undefined: all groups. */
function namesOf(call: Call): readonly string[] | undefined {
  const { AutoScalingGroupNames: names, ...rest } = call.input;
  const [odd] = Object.keys(rest);
  if (odd !== undefined) return notModelled(call, odd);
  if (names === undefined) return undefined;
  if (!isList(names)) return notModelled(call, 'AutoScalingGroupNames that is no list');
  return names.map((name) => (typeof name === 'string' ? name : notModelled(call, 'a name that is no text')));
}

function isList(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}
