import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { done, type StepAttempt } from './step';

/** How many instances a fleet has, at least, now and at most. */
export interface FleetSize {
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
}

/** The fleet of one region. */
export interface FleetPort {
  /** Undefined when there is no such group. */
  size(): Promise<FleetSize | undefined>;
  raise(size: Pick<FleetSize, 'minSize' | 'desiredCapacity'>): Promise<void>;
  /** Sets the floor alone: the instances stay until scaling takes them away. */
  lower(minSize: number): Promise<void>;
}

/** The client's time-outs and attempts bound each call. */
export function createFleet(client: AutoScalingClient, groupName: string): FleetPort {
  return {
    async size() {
      const { AutoScalingGroups } = await client.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] }),
      );
      const group = AutoScalingGroups?.[0];
      if (group?.MinSize === undefined || group.MaxSize === undefined) return undefined;
      return {
        minSize: group.MinSize,
        desiredCapacity: group.DesiredCapacity ?? group.MinSize,
        maxSize: group.MaxSize,
      };
    },
    async raise({ minSize, desiredCapacity }) {
      await client.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName: groupName,
          MinSize: minSize,
          DesiredCapacity: desiredCapacity,
        }),
      );
    },
    async lower(minSize) {
      await client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: groupName, MinSize: minSize }));
    },
  };
}

/** The sizes that a floor asks for: nothing is ever lowered, and the greatest size is the operator's. */
export function raised({ minSize, desiredCapacity, maxSize }: FleetSize, floor: number): FleetSize {
  const least = Math.max(minSize, Math.min(floor, maxSize));
  return { minSize: least, desiredCapacity: Math.max(desiredCapacity, least), maxSize };
}

/** Raises the floor of the fleet here (F4). @param fleet undefined without a fleet. */
export function createRaiseFloor(fleet: FleetPort | undefined, floor: number): StepAttempt {
  return async () => {
    if (!fleet) return done('there is no fleet');
    const found = await fleet.size();
    if (!found) return { kind: 'failed', detail: 'the fleet is not found' };
    const wanted = raised(found, floor);
    if (wanted.minSize === found.minSize && wanted.desiredCapacity === found.desiredCapacity) {
      return done(`the floor is ${found.minSize} already`);
    }
    await fleet.raise(wanted);
    const short = wanted.minSize < floor ? `; ${floor} were wanted, the group allows ${found.maxSize}` : '';
    return done(`the floor was raised from ${found.minSize} to ${wanted.minSize}${short}`);
  };
}
