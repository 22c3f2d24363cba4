import type { Suppression } from '../../../analysis/alarms/suppressor';
import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Functions, Topics } from '../ports';
import type { AlarmAction } from './alarm-definition';
import type { AlarmStatus } from './alarm-status';
import { alarmEvent, alarmMessage } from './alarm-messages';
import type { CloudWatchNature } from './nature';

/** Whom alarms tell. */
export interface AlarmPorts {
  readonly functions: Pick<Functions, 'invokeAsync'>;
  readonly topics: Topics;
}

/** Who invokes a function, and who publishes to a topic (CloudWatch guide, "Invoke a Lambda function from an alarm"). */
const TO_LAMBDA = 'lambda.alarms.cloudwatch.amazonaws.com';
const TO_SNS = 'cloudwatch.amazonaws.com';

/**
 * Does what an alarm's configuration says for the state it has changed to. An action that falls due while its region is dark is
 * done when the region is back: CloudWatch "retries until the invocation is successful" (same page).
 */
export class AlarmActions {
  private readonly held = new Map<string, (() => void)[]>();

  constructor(
    private readonly clock: Clock,
    private readonly ports: AlarmPorts,
    private readonly nature: Pick<CloudWatchNature, 'actionMs'>,
    private readonly random: Random,
    private readonly isDark: (region: string) => boolean,
  ) {}

  /** @param heldBy what kept the actions back until now. */
  act(status: AlarmStatus, heldBy: Suppression['kind']): void {
    const { definition } = status;
    const actions = definition.actions[status.now.state];
    if (actions.length === 0) return;
    // What is told is how the alarm stood when it decided to tell.
    const snapshot = { ...status };
    for (const action of actions) {
      const work = (): void => this.perform(action, snapshot, heldBy);
      this.clock.after(this.random.between(this.nature.actionMs), () => this.unlessDark(definition.region, work));
    }
  }

  /** The region is back: what fell due in the dark is done now. */
  restore(region: string): void {
    const due = this.held.get(region) ?? [];
    this.held.delete(region);
    for (const work of due) work();
  }

  private unlessDark(region: string, work: () => void): void {
    if (!this.isDark(region)) return work();
    this.held.set(region, [...(this.held.get(region) ?? []), work]);
  }

  private perform({ kind, arn }: AlarmAction, status: AlarmStatus, heldBy: Suppression['kind']): void {
    const { region, name, arn: sourceArn } = status.definition;
    if (kind === 'function') {
      const by = { principal: TO_LAMBDA, from: region, name, sourceArn };
      this.ports.functions.invokeAsync(arn, alarmEvent(status, heldBy, this.random), by);
    } else {
      this.ports.topics.publish(arn, alarmMessage(status), { principal: TO_SNS, from: region, name });
    }
  }
}
