import { NO_OPTIONS } from '../../support/resource-options';
import type { GraphResource, Values } from '../../support/evaluate';
import { CLOUDWATCH_NATURE } from '../../../rehearsal/aws/cloudwatch/nature';
import { CloudWatch } from '../../../rehearsal/aws/cloudwatch/cloudwatch';
import type { CloudWatchNature } from '../../../rehearsal/aws/cloudwatch/nature';
import type { StateChange } from '../../../rehearsal/aws/cloudwatch/alarm-status';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import type { Answer, Call, Caller, WireFields } from '../../../rehearsal/aws/service';

export const REGION = 'eu-central-2';
export const TOPIC = 'arn:aws:sns:eu-central-2:111122223333:alerts';
export const FUNCTION = 'arn:aws:lambda:eu-central-2:111122223333:function:orchestrator';
/** A whole minute; CloudWatch's own sample is of that day. */
export const START = Date.parse('2023-08-04T12:30:00Z');

const alarmArn = (name: string): string => `arn:aws:cloudwatch:${REGION}:111122223333:alarm:${name}`;

function resource(type: string, name: string, inputs: Values, arn: string): GraphResource {
  return {
    urn: `urn:pulumi:test::tap::${type}::${name}`,
    type,
    name,
    kind: 'resource',
    id: name,
    inputs,
    outputs: { ...inputs, arn },
    secretInputs: [],
    provider: undefined,
    region: REGION,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    options: NO_OPTIONS,
  };
}

export function graphOf(...resources: readonly GraphResource[]) {
  return { all: (type: string) => resources.filter((one) => one.type === type) };
}

/** An alarm on the metric `m` of its own service: red above 0.5, one period of a minute. */
export function metricAlarm(name: string, more: Values = {}): GraphResource {
  const inputs: Values = {
    name,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0.5,
    evaluationPeriods: 1,
    period: 60,
    statistic: 'Maximum',
    namespace: 'demo',
    metricName: 'm',
    dimensions: { service: name },
    treatMissingData: 'notBreaching',
    alarmActions: [TOPIC],
    okActions: [TOPIC],
    insufficientDataActions: [],
    ...more,
  };
  return resource('aws:cloudwatch/metricAlarm:MetricAlarm', name, inputs, alarmArn(name));
}

export function compositeAlarm(name: string, alarmRule: string, more: Values = {}): GraphResource {
  const inputs: Values = { alarmName: name, alarmRule, alarmActions: [FUNCTION, TOPIC], okActions: [TOPIC], ...more };
  return resource('aws:cloudwatch/compositeAlarm:CompositeAlarm', name, inputs, alarmArn(name));
}

export const rule = (name: string, inputs: Values): GraphResource =>
  resource(
    'aws:cloudwatch/eventRule:EventRule',
    name,
    { name, ...inputs },
    `arn:aws:events:${REGION}:111122223333:rule/${name}`,
  );
export const target = (of: string, inputs: Values): GraphResource =>
  resource('aws:cloudwatch/eventTarget:EventTarget', `${of}-target`, { rule: of, arn: FUNCTION, ...inputs }, '');

/** Nothing is drawn: everything happens in the middle of its interval and at once. */
export const EXACT: CloudWatchNature = {
  ...CLOUDWATCH_NATURE,
  publishedMs: { least: 0, most: 0 },
  embeddedMs: { least: 0, most: 0 },
  vendedMs: { least: 0, most: 0 },
  phase: { least: 0.5, most: 0.5 },
  highResolutionSeconds: { least: 0, most: 0 },
  highResolutionGridSeconds: [1],
  compositeMs: { least: 0, most: 0 },
  actionMs: { least: 0, most: 0 },
  history: 'none',
};

/** What left CloudWatch or EventBridge. */
export interface Sent {
  readonly at: number;
  readonly to: string;
  readonly what: unknown;
  readonly by: Caller & { readonly sourceArn?: string };
}

/** Takes down whatever is sent, at milliseconds from `START`. */
export function recorder(clock: VirtualClock) {
  const sent: Sent[] = [];
  const add = (to: string, what: unknown, by: Sent['by']): void => {
    sent.push({ at: clock.now() - START, to, what, by });
  };
  return { sent, ports: { functions: { invokeAsync: add }, topics: { publish: add } } };
}

/** A CloudWatch of its own over some alarms; times in seconds from `START`. */
export function board(alarms: readonly GraphResource[], nature: Partial<CloudWatchNature> = {}) {
  const clock = new VirtualClock(START);
  const { sent, ports } = recorder(clock);
  const cloudwatch = new CloudWatch(graphOf(...alarms), clock, new Random('test'), ports, { ...EXACT, ...nature });
  const changes: StateChange[] = [];
  cloudwatch.onState((change) => void changes.push(change));
  return {
    clock,
    cloudwatch,
    sent,
    changes,
    run: (seconds: number) => clock.run(START + seconds * 1000),
    /** A value of the metric that `metricAlarm` watches. */
    put: (service: string, value: number, seconds = (clock.now() - START) / 1000, resolution: 1 | 60 = 60) =>
      cloudwatch.put(REGION, {
        namespace: 'demo',
        name: 'm',
        dimensions: { service },
        value,
        at: START + seconds * 1000,
        resolution,
      }),
    state: (alarm: string) => cloudwatch.state(REGION, alarm),
    /** `alarm state second` of every change. */
    story: () => changes.map(({ alarm, to, at }) => `${alarm} ${to} ${(at - START) / 1000}`),
    call: (operation: string, input: WireFields) => answerOf(cloudwatch, callOf(operation, input)),
  };
}

export function callOf(operation: string, input: WireFields): Call {
  const caller = { principal: 'arn:aws:iam::111122223333:role/tester', from: REGION, name: 'tester' };
  return { region: REGION, service: 'cloudwatch', operation, input, caller };
}

export function answerOf(cloudwatch: CloudWatch, call: Call): Answer {
  const answers: Answer[] = [];
  cloudwatch.handle(call, (answer) => void answers.push(answer));
  const [answer] = answers;
  if (!answer || answers.length > 1) throw new Error(`${answers.length} answers`);
  return answer;
}
