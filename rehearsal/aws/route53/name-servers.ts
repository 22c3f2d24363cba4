import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { Names } from '../ports';
import { NotModelledError } from '../service';
import type { HealthChange } from './health-checks';
import type { AliasTarget, DnsAnswer, DnsRecord, RecordGroup } from './records';
import { normalName } from './records';
import { chosen } from './routing';

/** The name servers give another answer than before; `at` in milliseconds since 1970. */
export interface AnswerChange {
  readonly at: number;
  readonly name: string;
  readonly type: RecordGroup['type'];
  readonly values: readonly string[];
}

/** What the name servers are told by others. */
export interface NameServerPorts {
  /** The status of a check, for the beginning. */
  isHealthy(checkId: string): boolean;
  /** Whether a load balancer behind an alias with evaluateTargetHealth has a healthy target. */
  targetHealthy(dnsName: string): boolean;
  onAnswer(change: AnswerChange): void;
}

interface Entry {
  group: RecordGroup;
  answer: DnsAnswer;
  /** When the last accepted change of a record is everywhere. */
  changedBy: number;
}

/**
 * The data plane: all authoritative servers of the zones. They know of a changed status a little later, and have no part in the
 * control plane: they go on without it.
 */
export class NameServers implements Names {
  private readonly entries: ReadonlyMap<string, Entry>;
  /** The status of checks as the servers know it, and until when an earlier change is still on its way. */
  private readonly known = new Map<string, { healthy: boolean; settledAt: number }>();
  private readonly followers = new Map<string, Entry[]>();
  private extraMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    groups: readonly RecordGroup[],
    private readonly answerDelayMs: Range,
    private readonly ports: NameServerPorts,
  ) {
    for (const { records } of groups) {
      for (const { checkId } of records) {
        if (checkId !== undefined) this.known.set(checkId, { healthy: ports.isHealthy(checkId), settledAt: 0 });
      }
    }
    this.entries = new Map(groups.map((group) => [key(group.type, group.name), this.entry(group)]));
    for (const entry of this.entries.values()) this.follow(entry);
  }

  addresses(host: string): DnsAnswer | undefined {
    const name = normalName(host);
    const entry = this.entries.get(key('A', name));
    if (entry) return this.current(entry);
    if (this.entries.has(key('CNAME', name))) throw new NotModelledError(`route53: ${name}: a CNAME is not modelled`);
    return undefined;
  }

  texts(record: string): DnsAnswer | undefined {
    const entry = this.entries.get(key('TXT', normalName(record)));
    return entry && this.current(entry);
  }

  /** A record group as it was declared or last changed. */
  group(type: RecordGroup['type'], name: string): RecordGroup | undefined {
    return this.entries.get(key(type, name))?.group;
  }

  /** From now on a changed status takes that much longer. */
  delay(extraMs: number): void {
    this.extraMs = extraMs;
  }

  /** A check has changed; the answers follow. */
  learn({ checkId, healthy }: HealthChange): void {
    const known = this.known.get(checkId);
    if (!known) return;
    const now = this.clock.now();
    // A later change never overtakes an earlier one.
    known.settledAt = Math.max(known.settledAt, now + this.random.whole(this.answerDelayMs) + this.extraMs);
    this.clock.at(known.settledAt, () => {
      known.healthy = healthy;
      for (const entry of this.followers.get(checkId) ?? []) this.renew(entry);
    });
  }

  /** A simple record gets other values, everywhere after a while. */
  change(type: RecordGroup['type'], name: string, answer: DnsAnswer, afterMs: number): void {
    const entry = this.entries.get(key(type, name));
    if (!entry) throw new Error(`there is no ${type} record ${name}`);
    entry.changedBy = Math.max(entry.changedBy, this.clock.now() + afterMs);
    this.clock.at(entry.changedBy, () => {
      const records = entry.group.records.map((record) => ({ ...record, answer }));
      entry.group = { ...entry.group, records };
      this.renew(entry);
    });
  }

  private entry(group: RecordGroup): Entry {
    return { group, answer: chosen(group, (record) => this.isUsable(record)).answer, changedBy: 0 };
  }

  private follow(entry: Entry): void {
    for (const { checkId } of entry.group.records) {
      if (checkId === undefined) continue;
      this.followers.set(checkId, [...(this.followers.get(checkId) ?? []), entry]);
    }
  }

  private current(entry: Entry): DnsAnswer {
    // Nobody tells of a load balancer's targets: such a group is looked at when it is asked for.
    if (entry.group.records.some(({ alias }) => followsTargets(alias))) this.renew(entry);
    return entry.answer;
  }

  private renew(entry: Entry): void {
    const { answer } = chosen(entry.group, (record) => this.isUsable(record));
    if (answer === entry.answer) return;
    entry.answer = answer;
    const { name, type } = entry.group;
    this.ports.onAnswer({ at: this.clock.now(), name, type, values: answer.values });
  }

  /** With both a check and evaluateTargetHealth, both must pass. */
  private isUsable({ checkId, alias }: DnsRecord): boolean {
    if (checkId !== undefined && this.known.get(checkId)?.healthy === false) return false;
    return alias === undefined || !followsTargets(alias) || this.ports.targetHealthy(alias.dnsName);
  }
}

/** For API Gateway evaluateTargetHealth means nothing (Route 53 API reference, AliasTarget: "no operational benefit"). */
function followsTargets(alias: AliasTarget | undefined): boolean {
  return alias?.kind === 'balancer' && alias.evaluatesHealth;
}

function key(type: RecordGroup['type'], name: string): string {
  return `${type} ${name}`;
}
