import { replicationNeeds } from './needs';
import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Network } from '../../network/network';
import type { Metrics } from '../ports';
import type { Access } from '../sqs/access';
import type { Bucket, StoredObject } from './bucket';
import type { S3Nature } from './nature';
import type { ReplicationRule } from './settings';

/** What S3 needs of the world. */
export interface S3World {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly metrics: Metrics;
  readonly access: Access;
}

/** One direction of one rule with metrics. */
interface Lane {
  readonly from: Bucket;
  readonly to: Bucket;
  readonly rule: ReplicationRule;
  /** When each object that is not there yet was written. */
  readonly pending: Map<StoredObject, number>;
  /** The longest that an object took, of those that arrived since the last publication, milliseconds. */
  longestMs: number | undefined;
  failed: number;
}

const MINUTE_MS = 60_000;

/** Copies objects as the rules of their buckets say, and publishes how far behind the copies are. */
export class Replication {
  private readonly lanes = new Map<ReplicationRule, Lane>();
  private readonly silent = new Set<string>();
  private publishing = false;

  constructor(
    private readonly world: S3World,
    private readonly nature: S3Nature,
    private readonly offsetMs: number,
  ) {}

  /** Replicas are not replicated again (S3 guide, "What does Amazon S3 replicate?"). */
  start(from: Bucket, to: Bucket, rule: ReplicationRule, object: StoredObject): void {
    const lane = this.lane(from, to, rule);
    const { clock, random } = this.world;
    lane.pending.set(object, clock.now());
    this.publishSoon();
    const delay = random.between(rule.timed ? this.nature.timedReplicationMs : this.nature.replicationMs);
    clock.after(delay, () => this.attempt(lane, object));
  }

  silence(region: string): void {
    this.silent.add(region);
  }

  restore(region: string): void {
    this.silent.delete(region);
  }

  /** Objects that wait for their copy. */
  pendingFrom(bucket: string): readonly StoredObject[] {
    return [...this.lanes.values()].flatMap(({ from, pending }) => (from.name === bucket ? [...pending.keys()] : []));
  }

  private attempt(lane: Lane, object: StoredObject): void {
    const { from, to, rule } = lane;
    const { clock, random, network, access } = this.world;
    const [source, destination] = [from.settings, to.settings];
    if (this.silent.has(source.region)) {
      clock.after(random.between(this.nature.retryMs), () => this.attempt(lane, object));
      return;
    }
    const principal = source.replication?.role ?? '';
    const by = { principal, from: source.region, name: 'bucket replication' };
    if (!access.allows(by, replicationNeeds(source, destination, rule, object.key))) {
      lane.pending.delete(object);
      lane.failed += 1;
      return;
    }
    const passage = network.pass(source.region, destination.region);
    if (passage.kind === 'passes') clock.after(passage.ms, () => this.arrive(lane, object));
    else clock.after(random.between(this.nature.retryMs), () => this.attempt(lane, object));
  }

  private arrive(lane: Lane, object: StoredObject): void {
    const now = this.world.clock.now();
    const took = now - (lane.pending.get(object) ?? now);
    lane.pending.delete(object);
    lane.longestMs = Math.max(lane.longestMs ?? 0, took);
    lane.to.put({ ...object, at: now, replica: true });
  }

  private lane(from: Bucket, to: Bucket, rule: ReplicationRule): Lane {
    let lane = this.lanes.get(rule);
    if (lane === undefined) {
      lane = { from, to, rule, pending: new Map(), longestMs: undefined, failed: 0 };
      this.lanes.set(rule, lane);
    }
    return lane;
  }

  /** Nothing is copied, nothing is published: an idle bucket has no data. */
  private publishSoon(): void {
    if (this.publishing) return;
    this.publishing = true;
    const { clock } = this.world;
    const wait = (this.offsetMs - (clock.now() % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
    clock.after(wait === 0 ? MINUTE_MS : wait, () => this.publish());
  }

  private publish(): void {
    this.publishing = false;
    for (const lane of this.lanes.values()) {
      if (lane.rule.metrics) this.publishLane(lane);
      lane.longestMs = undefined;
      lane.failed = 0;
      if (lane.pending.size > 0) this.publishSoon();
    }
  }

  /** The lag is seen where the copies are, the failures where the originals are (S3 guide, "Using S3 Replication metrics"). */
  private publishLane({ from, to, rule, pending, longestMs, failed }: Lane): void {
    const at = this.world.clock.now();
    const dimensions = { SourceBucket: from.name, DestinationBucket: to.name, RuleId: rule.id };
    const put = (region: string, name: string, value: number): void => {
      if (this.silent.has(region)) return;
      this.world.metrics.put(region, { namespace: 'AWS/S3', name, dimensions, value, at, resolution: 60 });
    };
    const oldest = Math.min(...pending.values());
    const waiting = pending.size > 0 ? at - oldest : undefined;
    if (waiting !== undefined || longestMs !== undefined) {
      const { region } = to.settings;
      put(region, 'ReplicationLatency', Math.round(Math.max(waiting ?? 0, longestMs ?? 0) / 1_000));
      put(region, 'OperationsPendingReplication', pending.size);
    }
    if (failed > 0) put(from.settings.region, 'OperationsFailedReplication', failed);
  }
}
