import type { AlarmState } from '../../../analysis/alarms/metric-alarm';
import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { Alarms, MetricDatum, Metrics } from '../ports';
import { answered, notModelled } from '../service';
import type { Answer, Call, Need, Reply, Service } from '../service';
import { AlarmActions } from './alarm-actions';
import type { AlarmPorts } from './alarm-actions';
import { alarmCatalogue } from './alarm-catalogue';
import type { Resources } from './alarm-catalogue';
import { metricKey } from './alarm-definition';
import { AlarmStatuses } from './alarm-status';
import type { StateChange } from './alarm-status';
import { CompositeAlarms } from './composite-alarms';
import { describeAlarms, describedResources } from './describe-alarms';
import { MetricAlarms } from './metric-alarms';
import { MetricStore } from './metric-store';
import { CLOUDWATCH_NATURE } from './nature';
import type { CloudWatchNature } from './nature';
import { readPut } from './put-metric-data';

/** What a fault of a region does to values on their way. */
interface MetricsFault {
  delayMs: number;
  drops: ((datum: MetricDatum) => boolean) | undefined;
}

/** CloudWatch of all regions: metrics that alarms watch, metric and composite alarms of the graph, and their actions. */
export class CloudWatch implements Service, Metrics, Alarms {
  readonly name = 'cloudwatch';
  private readonly statuses = new AlarmStatuses();
  private readonly store: MetricStore;
  private readonly metricAlarms: MetricAlarms;
  private readonly compositeAlarms: CompositeAlarms;
  private readonly actions: AlarmActions;
  private readonly faults = new Map<string, MetricsFault>();
  private readonly dark = new Set<string>();
  private readonly account: string;

  /** @throws NotModelledError for a setting that is not modelled; Error for a composite on alarms that do not exist. */
  constructor(
    graph: Resources,
    private readonly clock: Clock,
    random: Random,
    ports: AlarmPorts,
    private readonly nature: CloudWatchNature = CLOUDWATCH_NATURE,
  ) {
    const isDark = (region: string): boolean => this.dark.has(region);
    this.store = new MetricStore(random.stream('metrics'));
    this.actions = new AlarmActions(clock, ports, nature, random.stream('actions'), isDark);
    const { statuses, actions } = this;
    const settle: ConstructorParameters<typeof MetricAlarms>[0]['settle'] = (status, state, reason) => {
      if (statuses.change(status, state, reason, clock.now())) actions.act(status, 'none');
    };
    this.metricAlarms = new MetricAlarms({ clock, settle }, this.store, nature, random.stream('evaluation'));
    const act: AlarmActions['act'] = (status, heldBy) => actions.act(status, heldBy);
    this.compositeAlarms = new CompositeAlarms({ clock, statuses, isDark, act }, nature, random.stream('composites'));
    statuses.listen((change, status) => this.compositeAlarms.changed(change, status));

    const state = nature.history === 'healthy' ? 'OK' : 'INSUFFICIENT_DATA';
    const start = { state, reason: 'as the run begins', at: clock.now() } as const;
    const { metric, composite } = alarmCatalogue(graph);
    this.account = metric[0]?.account ?? '';
    for (const definition of metric) this.metricAlarms.add(statuses.add(definition, start));
    for (const definition of composite) this.compositeAlarms.add(statuses.add(definition, start));
  }

  /**
   * PutMetricData knows no resource and the namespace as a condition key; composites are only described under `*` (service
   * authorization reference).
   */
  needs(call: Call): readonly Need[] {
    switch (call.operation) {
      case 'PutMetricData': {
        const namespace = call.input['Namespace'];
        const context = { 'cloudwatch:namespace': typeof namespace === 'string' ? [namespace] : [] };
        return [{ action: 'cloudwatch:PutMetricData', resource: '*', context }];
      }
      case 'DescribeAlarms':
        return describedResources(call, this.account).map((resource) => ({
          action: 'cloudwatch:DescribeAlarms',
          resource,
        }));
      default:
        return notModelled(call);
    }
  }

  handle(call: Call, reply: Reply): void {
    reply(this.answer(call));
  }

  private answer(call: Call): Answer {
    if (call.operation === 'DescribeAlarms') return describeAlarms(call, this.statuses);
    if (call.operation !== 'PutMetricData') return notModelled(call);
    const request = readPut(call, this.clock.now());
    if (!request.ok) return request.answer;
    for (const datum of request.data) this.keep(call.region, datum, this.nature.publishedMs);
    return answered();
  }

  /** Takes a value of AWS's own, or one that a function has printed: by its namespace it is seen later or sooner. */
  put(region: string, datum: MetricDatum): void {
    const vended = datum.namespace.startsWith('AWS/') || datum.namespace === 'CloudWatchSynthetics';
    this.keep(region, datum, vended ? this.nature.vendedMs : this.nature.embeddedMs);
  }

  private keep(region: string, datum: MetricDatum, delay: Range): void {
    const { namespace, name, dimensions, value, resolution } = datum;
    const series = this.store.find(metricKey(region, namespace, name, dimensions));
    if (!series || this.dark.has(region)) return;
    const fault = this.faults.get(region);
    if (fault?.drops?.(datum)) return;
    const visibleAt = this.clock.now() + series.random.between(delay) + (fault?.delayMs ?? 0);
    const unit = resolution * 1000;
    series.data.push({ at: (Math.floor(datum.at / unit) * unit) / 1000, value, visibleAt: visibleAt / 1000 });
    this.metricAlarms.arrived(series, visibleAt);
  }

  state(region: string, alarmName: string): AlarmState | undefined {
    return this.statuses.find(region, alarmName)?.now.state;
  }

  /** Calls a listener on every change of an alarm, in the event of the change. */
  onState(listener: (change: StateChange) => void): void {
    this.statuses.listen(listener);
  }

  /** The region is lost: its alarms neither evaluate nor act, and values for them are lost. */
  silence(region: string): void {
    this.dark.add(region);
    this.metricAlarms.silence(region);
  }

  /** The region is back: alarms go on from the state they had, and actions that were due are done. */
  restore(region: string): void {
    if (!this.dark.delete(region)) return;
    this.actions.restore(region);
    this.metricAlarms.restore(region);
    this.compositeAlarms.restore(region);
  }

  /**
   * An alarm turns to a state, with its actions, and stays there whatever the data say.
   * @throws Error for an alarm that the region does not have.
   */
  stick(region: string, alarm: string, state: AlarmState): void {
    const status = this.statuses.get(region, alarm);
    status.stuck = true;
    const reason = 'stuck by a fault';
    if (status.definition.kind === 'composite') this.compositeAlarms.force(status, state, reason);
    else if (this.statuses.change(status, state, () => reason, this.clock.now())) this.actions.act(status, 'none');
  }

  /** @throws Error for an alarm that the region does not have. */
  unstick(region: string, alarm: string): void {
    const status = this.statuses.get(region, alarm);
    status.stuck = false;
    if (this.dark.has(region)) return;
    this.metricAlarms.resume(status);
    this.compositeAlarms.resume(status);
  }

  /** From now on alarms of a region see values so much later; 0 ends it. */
  delayMetrics(region: string, ms: number): void {
    this.faultOf(region).delayMs = ms;
  }

  /** From now on a region loses the values that a predicate is true for, though it has answered well; undefined ends it. */
  dropMetrics(region: string, drops: ((datum: MetricDatum) => boolean) | undefined): void {
    this.faultOf(region).drops = drops;
  }

  private faultOf(region: string): MetricsFault {
    const before = this.faults.get(region);
    if (before) return before;
    const fault: MetricsFault = { delayMs: 0, drops: undefined };
    this.faults.set(region, fault);
    return fault;
  }
}
