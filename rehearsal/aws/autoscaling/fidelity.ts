import type { ModelledBehaviour } from '../fidelity';

const UPDATE = 'EC2 Auto Scaling API reference, UpdateAutoScalingGroup';
const TARGETS = 'Elastic Load Balancing guide, "Health checks for Application Load Balancer target groups"';

/** What is modelled of EC2 Auto Scaling and of the load balancer in front of a fleet. */
export const AUTO_SCALING_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'An update changes the sizes it names; MinSize or MaxSize alone may move the desired capacity.',
    model: 'simplified',
    how: 'The group’s size is taken to be its desired capacity; scaling in and all other properties are not modelled.',
    source: UPDATE,
    test: 'takes %s',
  },
  {
    behaviour: 'Sizes that contradict each other are refused.',
    model: 'simplified',
    how: 'ValidationError, 400; the wording of the messages is assumed.',
    source: `${UPDATE}, DesiredCapacity`,
    test: 'refuses %s and changes nothing',
  },
  {
    behaviour: 'A description leaves out groups that do not exist.',
    model: 'simplified',
    how: 'Always up to date, in one page; filters are not modelled.',
    source: 'EC2 Auto Scaling API reference, DescribeAutoScalingGroups',
    test: 'describes the groups that are named, leaves out unknown ones, and all of its region without names',
  },
  {
    behaviour: 'An update needs the group, with its tags and sizes as condition keys.',
    model: 'simplified',
    how: 'Keys of properties that are not modelled are left out.',
    source: 'Service authorization reference, Amazon EC2 Auto Scaling',
    test: 'is the group, with its tags and the sizes that are set, for an update',
  },
  {
    behaviour: 'A wanted instance is launched, runs, boots, and gets requests after one good health check.',
    model: 'assumed',
    how: 'Reaction 1-15 s, pending 10-45 s, boot 0.75-1.5 times defaultInstanceWarmup, then up to one health check interval.',
    source: `${TARGETS}: "it must pass one health check"; the times are assumed`,
    test: 'launches what is missing, and an instance serves after its boot and one health check of the load balancer',
  },
  {
    behaviour: 'Without capacity in EC2 a group stays below its desired capacity and goes on trying.',
    model: 'assumed',
    how: 'Every 60 to 120 s; all zones and the one instance type at once.',
    source:
      'EC2 Auto Scaling guide, "Troubleshoot Amazon EC2 Auto Scaling: EC2 instance launch failures"; the times are assumed',
    test: 'stays short while EC2 has no capacity, goes on trying, and grows when there is some',
  },
  {
    behaviour: 'An instance that no longer runs is replaced, also within its grace period.',
    model: 'assumed',
    how: 'It gets no requests at once, and is noticed after 60 to 150 s. A bad /health/live of a running one does not occur.',
    source: 'EC2 Auto Scaling guide, "Set the health check grace period"; the times are assumed',
    test: 'replaces instances that no longer run, once that is noticed',
  },
  {
    behaviour: 'Instances are spread over the zones of the group.',
    model: 'simplified',
    how: 'In turn; no rebalancing.',
    source: 'EC2 Auto Scaling guide, "Distribute instances across Availability Zones"',
    test: 'spreads its instances over its zones',
  },
  {
    behaviour: 'A load balancer without targets answers 503; with bad targets only it asks them all the same.',
    model: 'simplified',
    how: 'Nobody answers there: 502 at once, where AWS may take until its own limits and answer 504.',
    source: `${TARGETS} ("fails open"); "Troubleshoot your Application Load Balancers"`,
    test: 'is 503 without any target, and 502 with targets of which none answers',
  },
  {
    behaviour: 'The application’s /health looks at its table of sessions and at its site.',
    model: 'simplified',
    how: 'The application’s own function makes the answer; that it is kept for 5 s, or 1 s when bad, is left out.',
    source: 'fleet/service/health.ts',
    test: 'is the application’s own: good with the marker while its stores answer',
  },
  {
    behaviour: 'A group and its instances name the version of the launch template that they are from.',
    model: 'simplified',
    how: 'Every instance is of the group’s version: a new version comes with a deployment, which is not modelled.',
    source: 'EC2 Auto Scaling API reference, AutoScalingGroup and Instance',
    test: 'Auto Scaling says from which version of its launch template a group and its instances are',
  },
];
