import { AutoScalingClient, AutoScalingServiceException } from '@aws-sdk/client-auto-scaling';
import { readFleet } from '../../../lambda/readiness/readers/services';
import { createFleet } from '../../../lambda/failover-orchestrator/steps/raise-floor';
import { awsQuery } from '../../../rehearsal/wire/query';
import type { WireRequest } from '../../../rehearsal/wire/wire';
import { ARN, callOf, FleetBench, fleetGraph, NAME, REGION } from './support';

describe('UpdateAutoScalingGroup (EC2 Auto Scaling API reference)', () => {
  it.each([
    ['all sizes', { MinSize: 2, DesiredCapacity: 3, MaxSize: 7 }, [2, 3, 7]],
    ['numbers as the query protocol carries them', { MinSize: '2', DesiredCapacity: '2' }, [2, 2, 6]],
    ['a MinSize above the size of the group, which sets the desired capacity', { MinSize: 4 }, [4, 4, 6]],
    ['a MinSize that is no more than the size, which does not', { MinSize: 0 }, [0, 1, 6]],
    ['a MaxSize alone', { MaxSize: 9 }, [1, 1, 9]],
  ])('takes %s', (_what, input, [MinSize, DesiredCapacity, MaxSize]) => {
    const bench = new FleetBench(fleetGraph());
    expect(bench.update(input)).toEqual({ ok: true, output: {} });
    expect(bench.sizes()).toMatchObject({ AutoScalingGroups: [{ MinSize, DesiredCapacity, MaxSize }] });
  });

  it.each([
    [
      'a desired capacity above the maximum',
      { DesiredCapacity: 7 },
      'must be between the specified min size:1 and max size:6',
    ],
    ['a desired capacity below the minimum', { MinSize: 3, DesiredCapacity: 2 }, 'Desired capacity:2 must be between'],
    [
      'a minimum above the maximum',
      { MinSize: 7, DesiredCapacity: 7 },
      'Max bound, 6, must be greater than or equal to min bound, 7',
    ],
    ['an unknown group', { AutoScalingGroupName: 'other', MinSize: 1 }, 'AutoScalingGroup name not found'],
  ])('refuses %s and changes nothing', (_what, input, message) => {
    const bench = new FleetBench(fleetGraph());
    const error = { code: 'ValidationError', status: 400, message: expect.stringContaining(message) };
    expect(bench.update(input)).toMatchObject({ ok: false, error });
    expect(bench.sizes()).toMatchObject({ AutoScalingGroups: [{ MinSize: 1, DesiredCapacity: 1, MaxSize: 6 }] });
  });

  it('does not model anything else, and no scaling in', () => {
    const bench = new FleetBench(fleetGraph({ desiredCapacity: 2 }));
    expect(() => bench.update({ LaunchTemplate: {} })).toThrow('LaunchTemplate is not modelled');
    expect(() => bench.update({ DesiredCapacity: 1 })).toThrow('scaling in is not modelled');
    expect(() => bench.update({ MinSize: 'many' })).toThrow('is not modelled');
    expect(() => bench.call('SetDesiredCapacity', {})).toThrow('is not modelled');
  });
});

describe('DescribeAutoScalingGroups (EC2 Auto Scaling API reference)', () => {
  it('describes the groups that are named, leaves out unknown ones, and all of its region without names', () => {
    const bench = new FleetBench(fleetGraph());
    const named = (AutoScalingGroupNames: string[], region = REGION): unknown =>
      bench.call('DescribeAutoScalingGroups', { AutoScalingGroupNames }, region);
    const found = { AutoScalingGroupName: NAME, AutoScalingGroupARN: ARN, HealthCheckType: 'ELB' };
    const one = { InstanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/), AvailabilityZone: 'eu-central-2a' };
    expect(named([NAME, 'other'])).toMatchObject({ output: { AutoScalingGroups: [{ ...found, Instances: [one] }] } });
    expect(named(['other'])).toEqual({ ok: true, output: { AutoScalingGroups: [] } });
    expect(named([NAME], 'eu-central-1')).toEqual({ ok: true, output: { AutoScalingGroups: [] } });
    expect(bench.call('DescribeAutoScalingGroups', {})).toMatchObject({ output: { AutoScalingGroups: [found] } });
    expect(() => bench.call('DescribeAutoScalingGroups', { Filters: [] })).toThrow('Filters is not modelled');
  });
});

describe('what calls need (service authorization reference, Amazon EC2 Auto Scaling)', () => {
  const { autoScaling } = new FleetBench(fleetGraph());

  it('is everything for a description', () => {
    expect(autoScaling.needs(callOf('DescribeAutoScalingGroups', {}))).toEqual([
      { action: 'autoscaling:DescribeAutoScalingGroups', resource: '*' },
    ]);
  });

  it('is the group, with its tags and the sizes that are set, for an update', () => {
    expect(autoScaling.needs(callOf('UpdateAutoScalingGroup', { AutoScalingGroupName: NAME, MinSize: '2' }))).toEqual([
      {
        action: 'autoscaling:UpdateAutoScalingGroup',
        resource: ARN,
        context: {
          'aws:ResourceTag/Environment': ['dev'],
          'autoscaling:ResourceTag/Environment': ['dev'],
          'autoscaling:MinSize': ['2'],
        },
      },
    ]);
  });

  it('is a group of that name where there is none', () => {
    const [need] = autoScaling.needs(callOf('UpdateAutoScalingGroup', { AutoScalingGroupName: 'other' }));
    expect(need?.resource).toBe(
      'arn:aws:autoscaling:eu-central-2:123456789012:autoScalingGroup:*:autoScalingGroupName/other',
    );
  });
});

describe('the real SDK client', () => {
  /** A client whose wire ends in the simulated service, as the rehearsal's does. */
  function clientOf(bench: FleetBench): AutoScalingClient {
    const protocol = awsQuery();
    const requestHandler = {
      metadata: { handlerProtocol: 'http/1.1' },
      destroy: () => undefined,
      handle: async (request: WireRequest) => {
        const { operation, input } = protocol.decode(request);
        return { response: protocol.encode(operation, bench.call(operation, input)) };
      },
    };
    const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
    return new AutoScalingClient({ region: REGION, credentials, requestHandler, maxAttempts: 1 });
  }

  it('reads and raises the floor as the orchestrator and the readiness check do', async () => {
    const client = clientOf(new FleetBench(fleetGraph()));
    const fleet = createFleet(client, NAME);
    expect(await fleet.size()).toEqual({ minSize: 1, desiredCapacity: 1, maxSize: 6 });
    await fleet.raise({ minSize: 2, desiredCapacity: 2 });
    expect(await fleet.size()).toEqual({ minSize: 2, desiredCapacity: 2, maxSize: 6 });
    expect(await readFleet(client, NAME)).toEqual({ minimum: 2, maximum: 6, inService: 1, outdated: 0 });
    expect(await readFleet(client, 'other')).toBe('absent');
  });

  it('throws what the service refuses', async () => {
    const fleet = createFleet(clientOf(new FleetBench(fleetGraph())), NAME);
    const error: unknown = await fleet.raise({ minSize: 9, desiredCapacity: 9 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AutoScalingServiceException);
    expect(error).toMatchObject({ name: 'ValidationError' });
  });
});
