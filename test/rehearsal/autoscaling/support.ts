import type { Graph, GraphResource, Values } from '../../../analysis/graph/graph';
import { AutoScaling, type CapacityChange } from '../../../rehearsal/aws/autoscaling/autoscaling';
import { AUTO_SCALING_NATURE, type AutoScalingNature } from '../../../rehearsal/aws/autoscaling/nature';
import type { Answer, Call, WireFields } from '../../../rehearsal/aws/service';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import { graphOf, resource, START } from '../route53/support';

export const REGION = 'eu-central-2';
export const NAME = 'application-fleet';
export const ARN = `arn:aws:autoscaling:${REGION}:123456789012:autoScalingGroup:1:autoScalingGroupName/${NAME}`;
const TARGETS = 'arn:aws:elasticloadbalancing:eu-central-2:123456789012:targetgroup/application/1';

export function group(inputs: Values = {}): GraphResource {
  const settings = {
    name: NAME,
    minSize: 1,
    desiredCapacity: 1,
    maxSize: 6,
    defaultInstanceWarmup: 90,
    healthCheckType: 'ELB',
    healthCheckGracePeriod: 420,
    targetGroupArns: [TARGETS],
    vpcZoneIdentifiers: ['subnet-a', 'subnet-b'],
    tags: [{ key: 'Environment', value: 'dev', propagateAtLaunch: true }],
    ...inputs,
  };
  return resource('aws:autoscaling/group:Group', NAME, settings, { outputs: { arn: ARN } });
}

export function fleetGraph(inputs: Values = {}): Graph {
  const subnets = ['a', 'b'].map((zone) =>
    resource('aws:ec2/subnet:Subnet', `subnet-${zone}`, { availabilityZone: `${REGION}${zone}` }),
  );
  const targets = resource(
    'aws:lb/targetGroup:TargetGroup',
    't',
    { healthCheck: { interval: 10 } },
    { outputs: { arn: TARGETS } },
  );
  return graphOf(group(inputs), targets, ...subnets);
}

/** Auto Scaling with nothing else around it. Times in seconds since its start. */
export class FleetBench {
  readonly clock = new VirtualClock(START);
  readonly changes: Omit<CapacityChange, 'region' | 'group'>[] = [];
  readonly autoScaling: AutoScaling;
  stores = { sessions: true, site: true };

  constructor(graph: Graph, nature: Partial<AutoScalingNature> = {}, seed = 'seed') {
    this.autoScaling = new AutoScaling(
      graph,
      this.clock,
      new Random(seed),
      {
        stores: () => this.stores,
        onCapacity: ({ region: _region, group: _group, at, ...change }) =>
          this.changes.push({ ...change, at: (at - START) / 1_000 }),
      },
      { ...AUTO_SCALING_NATURE, ...nature },
    );
  }

  until(seconds: number): Promise<void> {
    return this.clock.run(START + seconds * 1_000);
  }

  call(operation: string, input: WireFields, region = REGION): Answer {
    const answers: Answer[] = [];
    this.autoScaling.handle(callOf(operation, input, region), (answer) => answers.push(answer));
    expect(answers).toHaveLength(1);
    return answers[0] ?? { ok: true, output: {} };
  }

  update(input: WireFields): Answer {
    return this.call('UpdateAutoScalingGroup', { AutoScalingGroupName: NAME, ...input });
  }

  sizes(): unknown {
    const answer = this.call('DescribeAutoScalingGroups', { AutoScalingGroupNames: [NAME] });
    return answer.ok ? answer.output : answer.error;
  }
}

export function callOf(operation: string, input: WireFields, region = REGION): Call {
  const caller = { principal: 'arn:aws:iam::123456789012:role/any', from: REGION, name: 'any' };
  return { region, service: 'autoscaling', operation, input, caller };
}
