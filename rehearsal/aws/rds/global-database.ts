import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { GlobalStatus } from '../../postgres/engine';
import type { PgServer } from '../../postgres/server';
import { RegionalCluster } from './cluster';
import type { GlobalLayout } from './layout';
import type { AuroraNature } from './nature';
import type { Operation } from './operation';
import { Replication } from './replication';
import type { Commit } from './volume';

/** Whether a member has what the writer has (RDS API reference, GlobalClusterMember). */
export type Synchronization = 'connected' | 'pending-resync';

/** Who may log in; the master user of the graph when it is left out. */
export interface DatabaseCredentials {
  readonly username: string;
  readonly password: () => string;
}

/**
 * An Aurora PostgreSQL global database of two regions: who writes, who follows, how far, and what the names lead to.
 */
export class GlobalDatabase {
  /** Everything that was ever committed, in order. */
  readonly commits: Commit[] = [];
  /** What went down with an old writer that has become a follower since. */
  private readonly buried: Commit[] = [];
  private readonly clusters: ReadonlyMap<string, RegionalCluster>;
  /** Clusters that have left, by region: each stands alone, and takes writes. */
  private readonly detached = new Set<string>();
  private readonly away = new Set<string>();
  private readonly holds = new Set<string>();
  private readonly synchronized = new Map<string, Synchronization>();
  private replication: Replication;
  private lagMs: Range;
  /** The region whose writer the global writer endpoint leads to. */
  private named: string;
  private written: string;
  operation: Operation | undefined;

  constructor(
    readonly layout: GlobalLayout,
    readonly clock: Clock,
    private readonly random: Random,
    readonly nature: AuroraNature,
    credentials?: DatabaseCredentials,
  ) {
    const { writer, follower } = layout;
    const world = {
      clock,
      nature,
      database: layout.databaseName,
      credentials: credentials ?? { username: layout.masterUsername, password: () => layout.masterPassword },
      status: (cluster: RegionalCluster) => this.statusSeenBy(cluster),
      note: (commit: Commit) => void this.commits.push(commit),
    };
    const leading = new RegionalCluster(writer, 'writes', { ...world, random: random.stream(writer.region) });
    const following = new RegionalCluster(follower, 'follows', { ...world, random: random.stream(follower.region) });
    this.clusters = new Map([
      [writer.region, leading],
      [follower.region, following],
    ]);
    for (const region of this.clusters.keys()) this.synchronized.set(region, 'connected');
    this.written = writer.region;
    this.named = writer.region;
    this.lagMs = nature.lagMs;
    this.replication = this.follows(following, leading);
  }

  get regions(): readonly string[] {
    return [...this.clusters.keys()];
  }

  /** The regions whose clusters belong to it. */
  members(): readonly string[] {
    return this.regions.filter((region) => !this.detached.has(region));
  }

  /** A member leaves: one that followed goes on by itself with what it has. */
  detach(region: string): void {
    if (this.cluster(region).duty === 'follows') this.promote(region);
    this.detached.add(region);
  }

  /** The region of the writer, as RDS says it; an old writer that was not fenced does not know. */
  get writerRegion(): string {
    return this.written;
  }

  /** @throws RangeError for a region without a cluster. */
  cluster(region: string): RegionalCluster {
    const found = this.clusters.get(region);
    if (!found) throw new RangeError(`the global database has no cluster in ${region}`);
    return found;
  }

  has(region: string): boolean {
    return this.clusters.has(region);
  }

  other(region: string): RegionalCluster {
    return this.cluster(this.regions.find((name) => name !== region) ?? region);
  }

  synchronization(region: string): Synchronization {
    return this.synchronized.get(region) ?? 'connected';
  }

  /** Whether Aurora itself can reach a region's cluster from outside. */
  reaches(region: string): boolean {
    return !this.away.has(region) && !this.cluster(region).isGone;
  }

  /** Who answers at a host and port now, as RDS's own DNS has it. */
  server(host: string, port: number): PgServer | undefined {
    if (host === this.layout.endpoint) return this.cluster(this.named).behindEndpoint();
    for (const cluster of this.clusters.values()) {
      const { endpoint, readerEndpoint, port: own } = cluster.layout;
      if (own !== port) continue;
      if (host === endpoint) return cluster.behindEndpoint();
      if (host === readerEndpoint) return cluster.behindReaderEndpoint();
      const instance = cluster.instances.find(({ layout }) => layout.endpoint === host);
      if (instance) return instance.server;
    }
    return undefined;
  }

  /** What happens to the replication: from now on, and after a change of roles. */
  setLag(lagMs: Range): void {
    this.lagMs = lagMs;
    this.replication.setLag(lagMs);
  }

  hold(reason: string): void {
    this.holds.add(reason);
    this.replication.hold(reason);
  }

  release(reason: string): void {
    this.holds.delete(reason);
    this.replication.release(reason);
  }

  leave(region: string): void {
    this.away.add(region);
    this.hold(`${region} is cut off`);
  }

  comeBack(region: string): void {
    this.away.delete(region);
    this.release(`${region} is cut off`);
  }

  /** A follower goes on by itself, with what it has, as the writer. */
  promote(region: string): void {
    this.cluster(region).volume.detach();
    this.cluster(region).promote();
  }

  /** RDS says from now on that this is the writer. */
  name(region: string, others: Synchronization): void {
    this.written = region;
    for (const other of this.regions) this.synchronized.set(other, other === region ? 'connected' : others);
  }

  /** The global writer endpoint leads there when DNS has followed. */
  renameEndpoint(region: string, afterMs: number, done: () => void): void {
    this.clock.after(afterMs, () => {
      if (this.written !== region) return;
      this.named = region;
      done();
    });
  }

  /** A cluster takes the writer's content for its own; what it alone had is lost. */
  rejoin(region: string): void {
    const follower = this.cluster(region);
    this.buried.push(...this.unshared(region));
    this.replication = this.follows(follower, this.cluster(this.written));
    follower.becomeFollower();
    this.synchronized.set(region, 'connected');
  }

  /** Commits that are in a region's volume and not in the writer's: lost with an old writer, or still to be. */
  lost(): readonly Commit[] {
    return [...this.buried, ...this.regions.flatMap((region) => this.unshared(region))];
  }

  /** What Aurora last calculated about the follower. */
  lag(): { readonly rpoLagMs: number; readonly calculatedAt: number } {
    return this.replication.status();
  }

  private unshared(region: string): readonly Commit[] {
    if (region === this.written || this.cluster(region).duty === 'follows') return [];
    const shared = new Set(this.cluster(this.written).volume.commits);
    return this.cluster(region).volume.commits.filter((commit) => !shared.has(commit));
  }

  private follows(follower: RegionalCluster, leader: RegionalCluster): Replication {
    const stream = this.random.stream(`lag of ${follower.layout.region} at ${this.clock.now()}`);
    const replication = new Replication(this.clock, stream, this.lagMs, this.nature.lagEveryMs);
    for (const reason of this.holds) replication.hold(reason);
    follower.volume.follow(leader.volume, replication);
    return replication;
  }

  /** A region shows what it knows: who writes there believes to be the writer, also when RDS has named another one. */
  private statusSeenBy(cluster: RegionalCluster): readonly GlobalStatus[] {
    const { region } = cluster.layout;
    const other = this.other(region);
    const writer = { rpoLagMs: -1, calculatedAt: 0 };
    const sample = this.replication.status();
    if (cluster.duty === 'follows') {
      return [
        { region, ...sample },
        { region: other.layout.region, ...writer },
      ];
    }
    const own = { region, ...writer };
    return other.duty === 'follows' ? [own, { region: other.layout.region, ...sample }] : [own];
  }
}
