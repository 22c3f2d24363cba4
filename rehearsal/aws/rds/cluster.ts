import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { GlobalStatus } from '../../postgres/engine';
import { PgServer } from '../../postgres/server';
import type { ClusterLayout, InstanceLayout } from './layout';
import type { AuroraNature } from './nature';
import { ClusterVolume, type Commit } from './volume';

/** One instance: what RDS says of it, and its server. */
export interface Instance {
  readonly layout: InstanceLayout;
  readonly server: PgServer;
}

/** What a cluster needs of the global database around it. */
export interface ClusterWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly nature: AuroraNature;
  readonly database: string;
  readonly credentials: { readonly username: string; readonly password: () => string };
  /** `aurora_global_db_status()` as this cluster's region sees it. */
  readonly status: (cluster: RegionalCluster) => readonly GlobalStatus[];
  readonly note: (commit: Commit) => void;
}

/** What a cluster does: takes writes, follows, or neither, on its way from one to the other. */
export type ClusterDuty = 'follows' | 'neither' | 'writes';

/** What an address does whose instance is gone. */
export type GoneAs = 'refusing' | 'silent';

/** An Aurora cluster of one region: its volume, its instances, and who of them writes. */
export class RegionalCluster {
  readonly volume: ClusterVolume;
  readonly instances: readonly Instance[];
  /** RDS's word for it. */
  status = 'available';
  private doing: ClusterDuty;
  private lead: Instance | undefined;
  private gone: GoneAs | undefined;

  constructor(
    readonly layout: ClusterLayout,
    duty: ClusterDuty,
    private readonly world: ClusterWorld,
  ) {
    const { clock, random, nature, note } = world;
    const { region, identifier: cluster } = layout;
    this.doing = duty;
    this.volume = new ClusterVolume(clock, random.stream('commits'), nature.commitMs, { region, cluster }, note);
    this.instances = layout.instances.map((instance) => this.instance(instance));
    this.lead = duty === 'writes' ? this.instances[0] : undefined;
  }

  get duty(): ClusterDuty {
    return this.doing;
  }

  /** The instance that takes writes. */
  get writer(): Instance | undefined {
    return this.lead;
  }

  /** Whether the database of this region is gone as a whole. */
  get isGone(): boolean {
    return this.gone !== undefined;
  }

  get canWrite(): boolean {
    return this.doing === 'writes' && this.lead?.server.state === 'listening';
  }

  /** Who is behind the cluster endpoint; its name does not resolve while no instance of the cluster is the writer. */
  behindEndpoint(): PgServer | undefined {
    return this.lead?.server;
  }

  /** Who is behind the reader endpoint: one of the readers that listen, or else the writer. */
  behindReaderEndpoint(): PgServer | undefined {
    const readers = this.instances.filter((instance) => instance !== this.lead);
    const up = readers.filter(({ server }) => server.state === 'listening');
    const choice = [up, readers, this.instances].find((list) => list.length > 0);
    return choice && this.world.random.pick(choice).server;
  }

  /** Becomes the writer of the global database: its instances start anew. */
  promote(): void {
    this.doing = 'writes';
    this.lead = this.instances[0];
    this.volume.unfence();
    this.restart();
  }

  /** Takes no writes any more: sessions break, and nobody is behind the cluster endpoint. */
  retire(): void {
    this.doing = 'neither';
    this.lead = undefined;
    this.volume.fence();
    this.restart();
  }

  /** Is a follower from now on. */
  becomeFollower(): void {
    this.doing = 'follows';
    this.restart();
  }

  /** The storage of a writer that is to be none any more refuses writes: its server cannot go on. */
  fence(): void {
    this.volume.fence();
    this.lead?.server.stop('refusing');
  }

  /** Is the writer again that it was before. */
  unfence(): void {
    this.volume.unfence();
    if (!this.gone) this.lead?.server.start();
  }

  /** Another instance takes over; without one the failed one is replaced. @returns it. */
  takeOver(): Instance | undefined {
    const failed = this.lead;
    this.lead = this.instances.find((instance) => instance !== failed) ?? failed;
    if (this.gone) return this.lead;
    if (this.lead !== failed) this.lead?.server.restart();
    this.startAll();
    return this.lead;
  }

  /** All instances are gone, and nothing answers, or the addresses refuse. */
  vanish(how: GoneAs): void {
    this.gone = how;
    for (const { server } of this.instances) server.stop(how);
  }

  reappear(): void {
    if (this.gone === undefined) return;
    this.gone = undefined;
    this.startAll();
  }

  /** A writer whose storage is fenced does not come up. */
  private startAll(): void {
    for (const { server } of this.instances) {
      if (server !== this.lead?.server || !this.volume.isFenced) server.start();
    }
  }

  private restart(): void {
    if (this.gone) return;
    for (const { server } of this.instances) server.restart();
  }

  private instance(layout: InstanceLayout): Instance {
    const { clock, nature, database, credentials, status } = this.world;
    const server: PgServer = new PgServer(this.layout.region, layout.identifier, {
      clock,
      volume: this.volume,
      database,
      user: credentials.username,
      password: credentials.password,
      version: this.layout.engineVersion,
      statementMs: nature.statementMs,
      inRecovery: () => this.lead?.server !== server,
      globalStatus: () => status(this),
    });
    return { layout, server };
  }
}
