import type { Random } from '../../kernel/random';
import type { RegionalCluster } from './cluster';
import type { GlobalDatabase } from './global-database';
import type { EventName, Operation } from './operation';

/** Told of what RDS would put on the event bus: of a cluster, in a region. */
export type TellEvent = (event: EventName, cluster: RegionalCluster, region: string) => void;

/** Failovers and switchovers of a global database, from the order to the old writer's return as a follower. */
export class RoleChange {
  private promotionMs: number | undefined;
  private fails = false;
  private fencingOut = false;
  /** What waits for a region that cannot be reached. */
  private readonly waiting = new Map<string, () => void>();
  /** The old writer's return that is under way; anything that comes between ends it. */
  private rejoining = 0;

  constructor(
    private readonly database: GlobalDatabase,
    private readonly random: Random,
    private readonly tell: TellEvent,
  ) {}

  /** The next failover takes so long, from the order on. */
  promotionTakes(ms: number): void {
    this.promotionMs = ms;
  }

  /** The failover under way, or else the next one, ends without a new writer. */
  promotionFails(): void {
    this.fails = true;
  }

  /** Aurora does not reach the old writer's storage. */
  fencingTimesOut(): void {
    this.fencingOut = true;
  }

  failOver(to: string): Operation {
    const operation = this.start('failover', to, true);
    const { clock, nature } = this.database;
    const verifyMs = this.random.between(nature.verifyMs);
    const drawn = this.random.between(nature.promotionMs);
    const totalMs = Math.max(this.promotionMs ?? drawn, verifyMs);
    this.promotionMs = undefined;
    const openingMs = Math.min(this.random.between(nature.openingMs), totalMs - verifyMs);
    clock.after(verifyMs, () => {
      operation.status = 'failing-over';
      // What has not come until now is lost: Aurora does not wait for it.
      this.database.hold('failover');
      this.fence(operation);
    });
    clock.after(totalMs - openingMs, () => this.whenReached(to, () => this.finishFailover(operation, openingMs)));
    return operation;
  }

  switchOver(to: string): Operation {
    const operation = this.start('switchover', to, false);
    const { clock, nature } = this.database;
    const verifyMs = this.random.between(nature.verifyMs);
    const totalMs = Math.max(this.random.between(nature.switchoverMs), verifyMs);
    const from = this.database.cluster(operation.from);
    this.tell('switchoverStarted', from, operation.from);
    clock.after(verifyMs, () => {
      operation.status = 'switching-over';
      from.retire();
    });
    clock.after(totalMs, () => this.finishSwitchover(operation));
    return operation;
  }

  /** A region can be reached again: what waited for it goes on, and an old writer comes back as a follower. */
  reached(region: string): void {
    const work = this.waiting.get(region);
    this.waiting.delete(region);
    work?.();
    this.bringBack(region);
  }

  private start(kind: Operation['kind'], to: string, dataLossAllowed: boolean): Operation {
    const from = this.database.writerRegion;
    const operation: Operation = { kind, from, to, dataLossAllowed, status: 'pending' };
    this.database.operation = operation;
    this.database.cluster(to).status = 'failing-over';
    this.rejoining += 1;
    return operation;
  }

  private end({ from, to }: Operation): void {
    this.database.operation = undefined;
    for (const region of [from, to]) this.database.cluster(region).status = 'available';
    this.fails = false;
    this.fencingOut = false;
  }

  private whenReached(region: string, work: () => void): void {
    if (!this.database.cluster(region).isGone) work();
    else this.waiting.set(region, work);
  }

  private fence(operation: Operation): void {
    const { clock, nature } = this.database;
    const old = this.database.cluster(operation.from);
    const told = (): string => (this.database.reaches(operation.from) ? operation.from : operation.to);
    const possible = this.random.chance(nature.fencing) && !this.fencingOut;
    const fencingMs = this.random.between(nature.fencingMs);
    const still = (): boolean => old.duty === 'writes' && this.isOld(operation);
    if (possible && this.database.reaches(operation.from)) {
      clock.after(fencingMs, () => {
        if (!still() || !this.database.reaches(operation.from)) return;
        old.fence();
        this.tell('fenced', old, told());
      });
    } else {
      clock.after(nature.fencingTimeOutMs, () => {
        if (still()) this.tell('notFenced', old, told());
      });
    }
  }

  /** Whether a failover still makes the old writer one, or has. */
  private isOld({ from, to }: Operation): boolean {
    return this.database.operation?.from === from || this.database.writerRegion === to;
  }

  private finishFailover(operation: Operation, openingMs: number): void {
    const { database } = this;
    const { clock, nature } = database;
    if (this.fails) return this.abandon(operation);
    database.name(operation.to, 'pending-resync');
    database.operation = undefined;
    clock.after(openingMs, () => {
      this.whenReached(operation.to, () => {
        database.promote(operation.to);
        database.release('failover');
        this.end(operation);
        const target = database.cluster(operation.to);
        this.tell('failoverFinished', target, operation.to);
        database.renameEndpoint(operation.to, this.random.between(nature.globalEndpointMs), () =>
          this.tell('writerNameMoved', target, operation.to),
        );
        this.bringBack(operation.from);
      });
    });
  }

  private abandon(operation: Operation): void {
    const old = this.database.cluster(operation.from);
    old.unfence();
    this.database.release('failover');
    this.end(operation);
    this.tell('failoverFailed', this.database.cluster(operation.to), operation.to);
  }

  private finishSwitchover(operation: Operation): void {
    const { database } = this;
    const { from, to } = operation;
    const [old, target] = [database.cluster(from), database.cluster(to)];
    if (!database.reaches(from) || !database.reaches(to)) {
      old.promote();
      this.end(operation);
      return this.tell('switchoverCancelled', old, to);
    }
    target.volume.synchronize();
    database.promote(to);
    database.name(to, 'connected');
    database.rejoin(from);
    this.end(operation);
    this.tell('switchoverFinished', target, to);
    database.renameEndpoint(to, this.random.between(database.nature.globalEndpointMs), () =>
      this.tell('writerNameMoved', target, to),
    );
  }

  /** The way of an old writer back, once its region can be reached: its end as a writer, and its content replaced. */
  private bringBack(region: string): void {
    const { database } = this;
    const old = database.cluster(region);
    const due = (): boolean =>
      database.synchronization(region) === 'pending-resync' && database.reaches(region) && !database.operation;
    if (!due()) return;
    this.rejoining += 1;
    const turn = this.rejoining;
    const { clock, nature } = database;
    clock.after(this.random.between(nature.demotionMs), () => {
      if (turn !== this.rejoining || !due()) return;
      old.retire();
      old.status = 'resetting';
      this.tell('resyncStarted', old, region);
      clock.after(this.random.between(nature.resynchronizationMs), () => {
        if (turn !== this.rejoining || !due()) return;
        database.rejoin(region);
        old.status = 'available';
        this.tell('resyncFinished', old, region);
      });
    });
  }
}
