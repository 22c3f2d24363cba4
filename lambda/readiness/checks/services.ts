import { check, type Check, eachWrong, wrongWhen } from './form';
import type { ConsumerState, FleetState, FunctionState } from '../facts';

/** What would carry the load here: functions, consumers, fleet, capacity. */
export const SERVICE_CHECKS: readonly Check[] = [
  check({
    id: 'functions-present',
    looksAt: 'every function that both regions have',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'What is missing here does not run after a failover.',
    fix: '`pulumi up`',
    reads: ['functionsHere'],
    judge: ({ functionsHere }) =>
      eachWrong(
        functionsHere,
        (one) => one === 'absent',
        (name) => `there is no function ${name} here`,
      ),
  }),
  check({
    id: 'function-code-equal',
    looksAt: 'the code of every function in both regions',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'A failover to other code is a deployment at the worst moment.',
    fix: '`npm run build && pulumi up`: both regions get the same bundles',
    dependsOn: ['functions-present'],
    reads: ['functionsHere', 'functionsThere'],
    judge: ({ functionsHere, functionsThere }) =>
      eachWrong(
        functionsHere,
        (own, name) => present(own)?.codeHash !== present(functionsThere[name])?.codeHash,
        (name) => `${name} has other code here than in the other region`,
      ),
  }),
  check({
    id: 'function-settings-equal',
    looksAt: 'memory, time-out, runtime and (in the program) environment keys of every function in both regions',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'A function with less memory or time than its twin fails under the same load.',
    fix: '`pulumi up` takes back what was changed by hand',
    dependsOn: ['functions-present'],
    reads: ['functionsHere', 'functionsThere'],
    judge({ functionsHere, functionsThere }) {
      return Object.entries(functionsHere).flatMap(([name, own]) => {
        const different = differences(present(own), present(functionsThere[name]));
        return wrongWhen(different.length > 0, `${name} differs from the other region in ${different.join(', ')}`);
      });
    },
  }),
  check({
    id: 'functions-active',
    looksAt: 'Lambda’s state of every function here',
    severity: 'warning',
    where: ['live', 'scheduled'],
    // Lambda developer guide, "Lambda function states": a function in a VPC that is not called for weeks becomes Inactive, and its
    // next invocation fails while its network interfaces are made again.
    why: 'The first call of an inactive function fails; a failed one takes no call at all.',
    fix: 'invoke it once: `aws lambda invoke`; Failed: its StateReason, then `pulumi up`',
    dependsOn: ['functions-present'],
    reads: ['functionsHere'],
    judge: ({ functionsHere }) =>
      eachWrong(
        functionsHere,
        (one) => (present(one)?.state ?? 'Active') !== 'Active',
        (name, one) => `${name} is ${present(one)?.state ?? ''}`,
      ),
  }),
  check({
    id: 'concurrency-enough',
    looksAt: 'how many functions may run at once in a region',
    severity: 'warning',
    where: ['account', 'live', 'scheduled'],
    why: 'After a failover one region carries the load of both; beyond the limit Lambda throttles, orders and control alike.',
    fix: 'Service Quotas, AWS Lambda, "Concurrent executions", in both regions',
    reads: ['concurrency'],
    judge: ({ concurrency }, { concurrencyNeeded }) =>
      eachWrong(
        concurrency,
        (limit) => limit < concurrencyNeeded,
        (region, limit) =>
          `${limit} functions may run at once in ${region}, and the load of both regions needs ${concurrencyNeeded}`,
      ),
  }),
  check({
    id: 'request-rate-enough',
    looksAt: 'the account’s throttle of API Gateway in a region',
    severity: 'warning',
    where: ['account'],
    // aws-facts.md 0: 2,500 requests a second in eu-central-2, 10,000 in eu-central-1.
    why: 'The account’s throttle counts for all APIs together, and is four times smaller in some regions.',
    fix: 'Service Quotas, API Gateway, "Throttle rate"',
    reads: ['requestRate'],
    judge: ({ requestRate }, { requestsPerSecond }) =>
      eachWrong(
        requestRate,
        (limit) => limit < requestsPerSecond,
        (region, limit) =>
          `API Gateway lets ${limit} requests a second through in ${region}, and the API ${requestsPerSecond}`,
      ),
  }),
  check({
    id: 'consumers-enabled',
    looksAt: 'the event source mappings of this region',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'A failover to a region whose consumers have to be started first takes a minute longer. A switchover stops those of the region it leaves, and starts them again at its end; a failover leaves them stopped.',
    fix: 'after a failover `npx tap failback` enables them; else `aws lambda update-event-source-mapping --enabled --uuid`',
    reads: ['consumers'],
    judge: ({ consumers }, { now }) =>
      eachWrong(
        consumers,
        (one) => !isOn(one) && !isJustStopped(one, now),
        (id, { state }) => `the consumer ${id} is ${state}`,
      ),
  }),
  check({
    id: 'fleet-present',
    looksAt: 'the Auto Scaling group of this region',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'Without it the application’s name has nothing to lead to here.',
    fix: '`pulumi up`',
    reads: ['fleetHere'],
    judge: ({ fleetHere }) => wrongWhen(fleetHere === 'absent', 'there is no fleet here'),
  }),
  check({
    id: 'fleet-maximum-enough',
    looksAt: 'how large the fleet of this region may grow',
    severity: 'warning',
    where: ['graph', 'live', 'scheduled'],
    why: 'A failover raises the fleet’s floor; above its maximum that is refused.',
    fix: 'set fleetMaxSize and `pulumi up`; `aws autoscaling update-auto-scaling-group --max-size` until then',
    dependsOn: ['fleet-present'],
    reads: ['fleetHere'],
    judge({ fleetHere }, { fleetFloor }) {
      const maximum = groupOf(fleetHere)?.maximum ?? fleetFloor;
      return wrongWhen(
        maximum < fleetFloor,
        `the fleet here may grow to ${maximum}, and a failover raises it to ${fleetFloor}`,
      );
    },
  }),
  check({
    id: 'fleet-in-service',
    looksAt: 'how many instances of the fleet are in service',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'A fleet below its minimum cannot start instances, and will not be able to in a failover either.',
    fix: 'EC2 console, Auto Scaling groups, Activity: capacity, AMI, quota of vCPUs, or the boot log',
    dependsOn: ['fleet-present'],
    reads: ['fleetHere'],
    judge({ fleetHere }) {
      const { inService = 0, minimum = 0 } = groupOf(fleetHere) ?? {};
      return wrongWhen(
        inService < minimum,
        `${inService} instances of the fleet here are in service, of at least ${minimum}`,
      );
    },
  }),
  check({
    id: 'fleet-template-current',
    looksAt: 'from which version of the launch template the instances of the fleet are',
    severity: 'warning',
    where: ['live', 'scheduled'],
    why: 'Instances of an older version run older code than those that a failover adds.',
    fix: 'EC2 console, Auto Scaling groups, Instance refresh: `aws autoscaling start-instance-refresh`',
    dependsOn: ['fleet-present'],
    reads: ['fleetHere'],
    judge({ fleetHere }) {
      const outdated = groupOf(fleetHere)?.outdated ?? 0;
      return wrongWhen(outdated > 0, `${outdated} instances of the fleet here are of an older launch template version`);
    },
  }),
  check({
    id: 'fleet-type-equal',
    looksAt: 'the instance type of the fleet in both regions',
    severity: 'warning',
    where: ['graph'],
    why: 'The same number of smaller instances does not carry the same load.',
    fix: 'set fleetInstanceType and `pulumi up`',
    dependsOn: ['fleet-present'],
    reads: ['fleetHere', 'fleetThere'],
    judge({ fleetHere, fleetThere }) {
      const [own, other] = [groupOf(fleetHere)?.instanceType, groupOf(fleetThere)?.instanceType];
      return wrongWhen(
        own !== other,
        `the fleet here has ${own ?? 'no type'}, in the other region ${other ?? 'no type'}`,
      );
    },
  }),
];

/** How long a switchover keeps the consumers of the region that it leaves stopped, in milliseconds; people are told when it takes longer. */
const STOPPED_FOR_MS = 300_000;

function isOn({ state }: ConsumerState): boolean {
  return /^(enabled|enabling|updating)$/i.test(state);
}

/** A run may be about to start it again: what is stopped for good is found by the next look. */
function isJustStopped({ state, changedAt }: ConsumerState, now: number): boolean {
  return /^(disabling|disabled)$/i.test(state) && changedAt !== undefined && now - changedAt <= STOPPED_FOR_MS;
}

function present<T>(one: T | 'absent' | undefined): T | undefined {
  return one === 'absent' ? undefined : one;
}

function groupOf(fleet: FleetState | 'absent' | 'none'): FleetState | undefined {
  return fleet === 'none' || fleet === 'absent' ? undefined : fleet;
}

/** Settings that are not the same; a function that is missing differs in its code already. */
function differences(own: FunctionState | undefined, other: FunctionState | undefined): readonly string[] {
  if (own === undefined || other === undefined) return [];
  const names = new Set([...Object.keys(own.settings), ...Object.keys(other.settings)]);
  return [...names].filter((name) => own.settings[name] !== other.settings[name]).sort();
}
