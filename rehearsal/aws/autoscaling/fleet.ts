import type { Clock, Timer } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import { sizesFault, type GroupSettings, type Sizes } from './group-settings';
import type { AutoScalingNature } from './nature';

/** Why EC2 launches nothing (EC2 API reference, error codes). */
export type RefusedCapacity = 'InstanceLimitExceeded' | 'InsufficientInstanceCapacity' | 'VcpuLimitExceeded';

/** One instance of a group. */
export interface Instance {
  readonly id: string;
  readonly zone: string;
  /** Pending until it runs and is registered with the load balancer. */
  state: 'InService' | 'Pending';
  /** Whether the load balancer sends it requests; without a load balancer, whether it answers. */
  serves: boolean;
  /** It no longer runs, and nobody has noticed. */
  lost: boolean;
}

/** What a group has at this moment. */
export interface Capacity {
  readonly sizes: Sizes;
  /** Registered with the load balancer, whether they answer or not. */
  readonly inService: number;
  /** Those that get requests. */
  readonly healthy: number;
}

/** One Auto Scaling group: it launches what is missing, and replaces what no longer runs. */
export class Fleet {
  readonly instances: Instance[] = [];
  private current: Sizes;
  private refused: RefusedCapacity | undefined;
  /** Attempts to launch one instance that are still to come. */
  private readonly attempts = new Set<Timer>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    readonly settings: GroupSettings,
    private readonly nature: AutoScalingNature,
    private readonly onChange: (why: string) => void,
  ) {
    this.current = settings.sizes;
    for (let count = 0; count < settings.sizes.desiredCapacity; count += 1) this.instances.push(this.instance(true));
  }

  get sizes(): Sizes {
    return this.current;
  }

  capacity(): Capacity {
    let inService = 0;
    let healthy = 0;
    for (const { state, serves } of this.instances) {
      if (state === 'InService') inService += 1;
      if (serves) healthy += 1;
    }
    return { sizes: this.current, inService, healthy };
  }

  /** @returns why Auto Scaling refuses, or undefined. */
  resize(sizes: Sizes): string | undefined {
    const fault = sizesFault(sizes);
    if (fault !== undefined) return fault;
    this.current = sizes;
    this.onChange(`wants ${sizes.desiredCapacity}`);
    this.fill(this.nature.reactMs);
    return undefined;
  }

  /** @param why undefined: EC2 launches again. */
  refuse(why: RefusedCapacity | undefined): void {
    this.refused = why;
  }

  /** Instances stop running, the oldest first. */
  lose(count: number): void {
    for (const instance of this.instances.filter(({ lost }) => !lost).slice(0, count)) {
      instance.lost = true;
      instance.serves = false;
      this.onChange(`${instance.id} no longer runs`);
      this.clock.after(this.random.whole(this.nature.noticeMs), () => {
        this.instances.splice(this.instances.indexOf(instance), 1);
        this.onChange(`${instance.id} is replaced`);
        this.fill(this.nature.reactMs);
      });
    }
  }

  private fill(delayMs: AutoScalingNature['reactMs']): void {
    const missing = this.current.desiredCapacity - this.instances.length - this.attempts.size;
    for (let count = 0; count < missing; count += 1) {
      const timer = this.clock.after(this.random.whole(delayMs), () => {
        this.attempts.delete(timer);
        this.attempt();
      });
      this.attempts.add(timer);
    }
  }

  private attempt(): void {
    if (this.instances.length >= this.current.desiredCapacity) return;
    if (this.refused !== undefined) {
      this.onChange(`EC2 refuses: ${this.refused}`);
      this.fill(this.nature.retryMs);
      return;
    }
    const instance = this.instance(false);
    this.instances.push(instance);
    this.onChange(`${instance.id} is launched`);
    this.clock.after(this.random.whole(this.nature.pendingMs), () => this.boot(instance));
  }

  private boot(instance: Instance): void {
    instance.state = 'InService';
    const bootMs = Math.round(this.settings.warmUpMs * this.random.between(this.nature.bootShare));
    // A new target must pass one health check, and the load balancer asks at its own interval.
    const checkMs = this.random.whole({ least: 0, most: this.settings.targetCheckMs ?? 0 });
    this.onChange(`${instance.id} runs`);
    this.clock.after(bootMs + checkMs, () => {
      if (instance.lost) return;
      instance.serves = true;
      this.onChange(`${instance.id} serves`);
    });
  }

  private instance(ready: boolean): Instance {
    const { zones } = this.settings;
    const zone = zones[this.instances.length % zones.length] ?? '';
    const id = `i-0${this.random.uuid().replaceAll('-', '').slice(0, 16)}`;
    return { id, zone, state: ready ? 'InService' : 'Pending', serves: ready, lost: false };
  }
}
