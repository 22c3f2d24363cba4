import { Random } from '../../kernel/random';
import { drawNature } from '../../world/nature';
import type { ModelledBehaviour } from '../fidelity';

const { coldStartMs, warmStartMs } = drawNature(new Random('documentation')).environments;

const GUIDE = 'Lambda developer guide';
const LIFECYCLE = `${GUIDE}, "Lambda execution environment lifecycle"`;
const RETRIES = `${GUIDE}, "How Lambda handles errors and retries with asynchronous invocation"`;

/** What of Lambda the rehearsal models; the code inside is rehearsal/runtime's matter, its permissions are IAM's. */
export const LAMBDA_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'An invocation takes a free environment, or a new one, which takes longer.',
    model: 'assumed',
    how:
      `${coldStartMs.least} to ${coldStartMs.most} ms for a new one, ${warmStartMs.least} to ${warmStartMs.most} ms for a free ` +
      'one. As many as there are invocations at once, none given up for being idle; no limit of concurrency.',
    source: `${LIFECYCLE}; times for bundles of this size, whose import \`npm run benchmark\` measures`,
    test: 'starts a new environment only where none is free, and a new one takes longer',
  },
  {
    behaviour: 'An invocation ends at the function’s time-out, and its environment with it.',
    model: 'exact',
    how: 'At the function’s own time-out; the context tells how much of it is left.',
    source: `${GUIDE}, "Configure Lambda function timeout"`,
    test: 'is killed with its environment when the function’s time is over',
  },
  {
    behaviour: 'An init phase that throws fails the invocation.',
    model: 'simplified',
    how: 'Once per invocation; Lambda tries the init phase a second time first.',
    source: LIFECYCLE,
    test: 'fails when the init phase throws, and the next one tries it again',
  },
  {
    behaviour: 'Events and answers are JSON.',
    model: 'exact',
    how: 'Their size is not limited.',
    source: `${GUIDE}, "Define Lambda function handler in TypeScript"`,
    test: 'gets its event, and gives its answer, as JSON',
  },
  {
    behaviour: 'A service invokes a function only with its permission.',
    model: 'exact',
    how: 'Asked of the policies of the graph.',
    source: `${GUIDE}, "Granting Lambda function access to AWS services"`,
    test: 'by a service needs the permission of the function’s own policy',
  },
  {
    behaviour: 'New code runs in new environments.',
    model: 'simplified',
    how: 'From one moment on; what runs then ends in its old environment.',
    source: `${GUIDE}, "Updating function code"`,
    test: 'after a deployment runs in a new environment, while what runs ends in its old one',
  },
  {
    behaviour: 'An asynchronous event that fails is tried again after one and after two minutes.',
    model: 'exact',
    how: 'After errors, time-outs and starts that fail. The queue itself takes no time and never throttles.',
    source: RETRIES,
    test: 'that fails is tried again after one and two minutes, and then no more',
  },
  {
    behaviour: 'A function’s configuration says how often it is tried again and how old it may get.',
    model: 'exact',
    how: 'Of the graph; without one twice and six hours. The orchestrator’s destination on failure is not modelled: what it would tell people, no run hears.',
    source: RETRIES,
    test: 'is tried again as the function’s configuration says: so often, and not when it is too old',
  },
  {
    behaviour: 'An asynchronous event may come twice.',
    model: 'assumed',
    how: 'Where a fault says so, 50 ms to 30 s later; that it is lost as well, which Lambda excludes for its own queue.',
    source: `${GUIDE}, "Asynchronous invocation"; how late a second one comes is documented nowhere`,
    test: 'may come twice, and may be lost, where a fault says so',
  },
  {
    behaviour: 'Events that are queued in a region that is down are handled when it is back.',
    model: 'assumed',
    how: 'All at once, in their order, however old.',
    source: 'Documented nowhere',
    test: 'for a region that is dark waits until it is back',
  },
  {
    behaviour: 'Invoke answers 200 with FunctionError when the function failed, and 202 for an event.',
    model: 'exact',
    how: 'Any operation that has no row here ends the run.',
    source: 'Lambda API reference, Invoke',
    test: 'Invoke answers 200 with FunctionError when the function failed, and 202 at once for an event',
  },
  {
    behaviour: 'Lambda publishes Invocations and Errors of each function.',
    model: 'simplified',
    how: 'One value a minute, which counts the invocations that ended in it; AWS counts them in the minute of their start.',
    source: `${GUIDE}, "Types of metrics for Lambda functions"`,
    test: 'AWS/Lambda Invocations and Errors are published once a minute, time-outs and failed starts among the errors',
  },
  {
    behaviour: 'GetFunctionConfiguration tells a function’s code, memory, time-out, runtime and state.',
    model: 'simplified',
    how: 'From the graph. The hash stands for the sources, and the state is always Active; no environment.',
    source: 'Lambda API reference, GetFunctionConfiguration',
    test: 'describes a function by its code and its settings, the same in both regions',
  },
  {
    behaviour: 'GetPolicy shows the statements that AddPermission wrote; a function without any has no policy.',
    model: 'exact',
    how: 'From the permissions of the graph, as the authorizer reads them.',
    source: `${GUIDE}, "Viewing resource-based IAM policies in Lambda"`,
    test: 'shows the statements of all permissions of a function, and no policy of one without',
  },
  {
    behaviour: 'An account may run so many functions at once in a region.',
    model: 'simplified',
    how: 'GetAccountSettings tells the default of 1,000, less reservations; no invocation is refused for it.',
    source: `${GUIDE}, "Lambda quotas"`,
    test: 'has the default concurrency of an account, less what functions reserve',
  },
  {
    behaviour: 'GetEventSourceMapping tells whether a mapping is enabled, disabled or on its way.',
    model: 'exact',
    how: 'As it is at the moment of the call.',
    source: 'Lambda API reference, GetEventSourceMapping',
    test: 'describes an event source mapping as it is at this moment',
  },
];
