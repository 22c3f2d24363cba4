import type { Clock, Timer } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import { Content, type Write } from '../../postgres/content';
import type { Volume } from '../../postgres/engine';
import type { Replication } from './replication';

/** A transaction that storage has kept. */
export interface Commit {
  /** True time at which it was durable, milliseconds since 1970. */
  readonly at: number;
  /** Where it was committed. */
  readonly region: string;
  readonly cluster: string;
  readonly writes: readonly Write[];
  /** When the client heard of it; undefined as long as it has not. */
  acknowledgedAt: number | undefined;
}

/** What a follower takes its content from. */
interface Following {
  readonly source: ClusterVolume;
  readonly replication: Replication;
  /** How many of the source's commits are here. */
  applied: number;
}

/** Nothing can be cancelled that never happens. */
const NEVER: Timer = { cancel: () => undefined };

/** The storage volume of one cluster: its commits in order, and what they add up to. */
export class ClusterVolume implements Volume {
  private readonly kept: Commit[] = [];
  private current = new Content();
  private following: Following | undefined;
  private fenced = false;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly commitMs: Range,
    private readonly place: { readonly region: string; readonly cluster: string },
    /** Told of every commit. */
    private readonly note: (commit: Commit) => void,
  ) {}

  /** Every commit that is in the content, in order. */
  get commits(): readonly Commit[] {
    this.catchUp();
    return this.kept;
  }

  content(): Content {
    this.catchUp();
    return this.current;
  }

  commit(writes: readonly Write[], durable: (acknowledged: () => void) => void): Timer {
    if (this.fenced) return NEVER;
    return this.clock.after(this.random.between(this.commitMs), () => {
      if (this.fenced) return;
      const commit: Commit = { at: this.clock.now(), ...this.place, writes, acknowledgedAt: undefined };
      this.keep(commit);
      this.note(commit);
      durable(() => {
        commit.acknowledgedAt = this.clock.now();
      });
    });
  }

  get isFenced(): boolean {
    return this.fenced;
  }

  /** Nothing is kept any more. */
  fence(): void {
    this.fenced = true;
  }

  unfence(): void {
    this.fenced = false;
  }

  /** Follows another volume, with whose content it begins. */
  follow(source: ClusterVolume, replication: Replication): void {
    this.following = { source, replication, applied: 0 };
    this.kept.length = 0;
    this.current = new Content();
    this.catchUp();
  }

  /** Goes on by itself with what has arrived. */
  detach(): void {
    this.catchUp();
    this.following = undefined;
  }

  /** Takes all that the source has: nothing is lost in a switchover. */
  synchronize(): void {
    const { following } = this;
    if (!following) return;
    const commits = following.source.commits;
    for (; following.applied < commits.length; following.applied += 1) this.take(commits[following.applied]);
  }

  private catchUp(): void {
    const { following } = this;
    if (!following) return;
    const commits = following.source.kept;
    if (following.applied >= commits.length) return;
    const horizon = following.replication.horizon();
    for (; following.applied < commits.length; following.applied += 1) {
      const next = commits[following.applied];
      if (!next || next.at > horizon) return;
      this.take(next);
    }
  }

  private take(commit: Commit | undefined): void {
    if (commit) this.keep(commit);
  }

  private keep(commit: Commit): void {
    this.kept.push(commit);
    this.current.apply(commit.writes);
  }
}
