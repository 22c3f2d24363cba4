import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Graph } from '../../../analysis/graph/graph';
import type { Alarms, Names } from '../ports';
import { answered } from '../service';
import type { Call, Need, Reply, Service } from '../service';
import { readChecks } from './check-settings';
import { needsOf, readChanges } from './control-plane';
import { HealthChecks, type HealthChange } from './health-checks';
import { NameServers, type AnswerChange } from './name-servers';
import { ROUTE53_NATURE, type Route53Nature } from './nature';
import type { Probe } from './prober';
import { readRecords, type DnsAnswer } from './records';

export type { AnswerChange, HealthChange, Probe, Route53Nature };

/** What Route 53 sees of the rest of the world. */
export interface Route53Ports {
  readonly alarms: Alarms;
  readonly probe: Probe;
  /** Whether metric data of a region gets to Route 53 at this moment. @default always */
  readonly hears?: (region: string) => boolean;
  /**
   * Whether a load balancer has a healthy target; asked only for aliases with evaluateTargetHealth.
   * @default an error: nobody says
   */
  readonly targetHealthy?: (dnsName: string) => boolean;
  /** For the trace. */
  readonly onHealth?: (change: HealthChange) => void;
  /** For the trace. */
  readonly onAnswer?: (change: AnswerChange) => void;
}

/** The greatest number that a change's id is made of. */
const MOST_CHANGE = 2 ** 48;
const CHANGE_ID_LENGTH = 13;

/**
 * Route 53 of one account: checkers all over the world, name servers that follow them, and a control plane in us-east-1 through
 * which records are changed. Only the last is an API; whether a call reaches it is the network's business.
 */
export class Route53 implements Service, Names {
  readonly name = 'route53';
  private readonly checks: HealthChecks;
  private readonly servers: NameServers;
  private readonly zones: ReadonlySet<string>;
  private readonly changes: Random;

  /** @throws NotModelledError, Error for a graph that this model or AWS would refuse. */
  constructor(
    graph: Graph,
    private readonly clock: Clock,
    random: Random,
    ports: Route53Ports,
    private readonly nature: Route53Nature = ROUTE53_NATURE,
  ) {
    this.changes = random.stream('changes');
    const { alarms, probe, onHealth, onAnswer, hears = () => true, targetHealthy = unknownTarget } = ports;
    this.checks = new HealthChecks(
      clock,
      random.stream('checks'),
      readChecks(graph),
      nature,
      { alarms, hears },
      probe,
      (change) => {
        onHealth?.(change);
        this.servers.learn(change);
      },
    );
    const groups = readRecords(graph);
    this.zones = new Set(groups.map(({ zoneId }) => zoneId));
    this.servers = new NameServers(clock, random.stream('answers'), groups, nature.answerDelayMs, {
      isHealthy: (checkId) => this.checks.isHealthy(checkId),
      targetHealthy,
      onAnswer: (change) => onAnswer?.(change),
    });
  }

  /** Sends the checkers to work: from now on endpoints are asked and alarms are followed. */
  start(): void {
    this.checks.start();
  }

  addresses(host: string): DnsAnswer | undefined {
    return this.servers.addresses(host);
  }

  texts(record: string): DnsAnswer | undefined {
    return this.servers.texts(record);
  }

  /** The status of a check as the control plane would say it. @throws Error for an unknown check. */
  isHealthy(checkId: string): boolean {
    return this.checks.isHealthy(checkId);
  }

  needs(call: Call): readonly Need[] {
    return needsOf(call);
  }

  handle(call: Call, reply: Reply): void {
    const read = readChanges(call, this.zones, (type, name) => this.servers.group(type, name));
    if (!read.ok) {
      reply(read);
      return;
    }
    const afterMs = this.changes.whole(this.nature.changeDelayMs);
    for (const { name, answer } of read.changes) this.servers.change('TXT', name, answer, afterMs);
    const Id = `/change/C${this.changeId()}`;
    reply(answered({ ChangeInfo: { Id, Status: 'PENDING', SubmittedAt: new Date(this.clock.now()) } }));
  }

  /** Fault: a check says this whatever is found. @param status undefined: the fault is over. */
  stickCheck(checkId: string, status: 'healthy' | 'unhealthy' | undefined): void {
    this.checks.stick(checkId, status === undefined ? undefined : status === 'healthy');
  }

  /** Fault: checkers fall silent and no longer count. @param which all of a region, or the first so many. */
  loseCheckers(which: string | number): void {
    this.checks.loseCheckers(which);
  }

  /** Ends `loseCheckers`. */
  regainCheckers(): void {
    this.checks.regainCheckers();
  }

  /** Fault: the name servers learn of every change so much later. @param ms 0: the fault is over. */
  delayAnswers(ms: number): void {
    this.servers.delay(ms);
  }

  private changeId(): string {
    return this.changes
      .whole({ least: 0, most: MOST_CHANGE })
      .toString(36)
      .toUpperCase()
      .padStart(CHANGE_ID_LENGTH, '0');
  }
}

function unknownTarget(dnsName: string): never {
  throw new Error(`evaluateTargetHealth of ${dnsName}: nobody says whether it has healthy targets`);
}
