import type { Random, Range } from '../../kernel/random';
import type { GoneAs } from './cluster';
import type { GlobalDatabase } from './global-database';
import type { RoleChange } from './role-change';

/** What a run can do to the database. Regions by name; milliseconds. */
export class AuroraFaults {
  constructor(
    private readonly database: GlobalDatabase,
    private readonly roles: RoleChange,
    private readonly random: Random,
  ) {}

  /**
   * Nothing passes between a region and the rest any more: no replication, no fencing. Inside everything goes on, and
   * who reaches the database there, can write; a region where nothing runs any more also needs `databaseGone`.
   */
  loseRegion(region: string): void {
    this.database.leave(region);
  }

  /** Ends `loseRegion`: an old writer is one for a while still, then a follower whose content is replaced. */
  returnRegion(region: string): void {
    this.database.comeBack(region);
    this.roles.reached(region);
  }

  /** The lag is so long from now on: it grows until it is. */
  setLag(lag: Range | number): void {
    this.database.setLag(typeof lag === 'number' ? { least: lag, most: lag } : lag);
  }

  /** Ends `setLag`. */
  restoreLag(): void {
    this.database.setLag(this.database.nature.lagMs);
  }

  /** Nothing is replicated any more, and the lag not calculated: it stands where it was. */
  freezeLag(): void {
    this.database.hold('frozen');
  }

  thawLag(): void {
    this.database.release('frozen');
  }

  promotionTakes(ms: number): void {
    this.roles.promotionTakes(ms);
  }

  promotionFails(): void {
    this.roles.promotionFails();
  }

  fencingTimesOut(): void {
    this.roles.fencingTimesOut();
  }

  /**
   * The writer instance of a region fails, and another one takes over.
   *
   * @param ms how long nobody can write; drawn when it is left out.
   */
  writerFails(region: string, ms?: number, how: GoneAs = 'refusing'): void {
    const cluster = this.database.cluster(region);
    const failed = cluster.writer;
    if (!failed) return;
    const { clock, nature } = this.database;
    const reason = `the writer of ${region} has failed`;
    const range = cluster.instances.length > 1 ? nature.instanceFailoverMs : nature.instanceReplacementMs;
    failed.server.stop(how);
    cluster.status = 'failing-over';
    this.database.hold(reason);
    clock.after(ms ?? this.random.between(range), () => {
      this.database.release(reason);
      // It has lost its role meanwhile: what it is now, the change of roles has made of it.
      if (cluster.writer !== failed) return;
      cluster.takeOver();
      cluster.status = 'available';
    });
  }

  /** All instances of a region are gone; what they had committed is still there, unless another region is promoted. */
  databaseGone(region: string, how: GoneAs = 'silent'): void {
    this.database.cluster(region).vanish(how);
    this.database.hold(`the database of ${region} is gone`);
  }

  databaseBack(region: string): void {
    this.database.cluster(region).reappear();
    this.database.release(`the database of ${region} is gone`);
    this.roles.reached(region);
  }
}
