import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { checksAt } from '../../../lambda/readiness/checks/checks';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Authorizer } from '../../../rehearsal/iam/authorizer';
import { compileHandlers } from '../../../rehearsal/runtime/code';
import { Runtime } from '../../../rehearsal/runtime/runtime';
import { World } from '../../../rehearsal/world/world';
import type { Graph } from '../../../analysis/graph/graph';
import type { HandlerCode } from '../../../rehearsal/runtime/code';

const START = Date.UTC(2026, 0, 5, 8);
const REGIONS = { primary: 'eu-central-1', dr: 'eu-central-2' } as const;
const MINUTE = 60_000;

let graph: Graph;
let code: HandlerCode;
beforeAll(async () => {
  [graph, code] = await Promise.all([evaluateStack('dev'), compileHandlers()]);
}, 120_000);

it('x', async () => {
  const runtime = new Runtime(code, { signed: false });
  const authorizer = new Authorizer(graph);
  const world = new World({ graph, runtime, authorizer, seed: 'readiness', start: START });
  const calls: string[] = [];
  world.observers.add({
    call: ({ caller, service, operation, region }, answer) => {
      if (caller.name === 'readiness-dev' && caller.from === REGIONS.dr)
        calls.push(`${world.clock.now() - START} ${service}.${operation} ${region} ${answer === 'no answer' ? answer : answer.ok ? 'ok' : answer.error.code}`);
    },
  });
  Error.stackTraceLimit = 10;
  await world.clock.run(START + 12 * MINUTE);
  for (const region of Object.values(REGIONS)) {
    const item = [...world.dynamodb.items(region, 'lease-dev')].map((one) => unmarshall(one as never)).find(({ pk }) => pk === 'readiness');
    console.log(region, JSON.stringify(item, null, 1));
  }
  console.log(calls.join('\n'));
  console.log(authorizer.takeUsage().denied, checksAt('scheduled').length);
}, 120_000);
