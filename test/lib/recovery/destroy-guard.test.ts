import { Queue } from '@pulumi/aws/sqs';
import { ComponentResource } from '@pulumi/pulumi';
import { readEvent } from '../../../lambda/failover-orchestrator/event';
import { createDestroyGuard } from '../../../lib/recovery/destroy-guard';
import { twoRegions } from '../foundation/two-regions';
import { evaluate } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';

// N8, X5: what makes `pulumi destroy` refuse before it has deleted anything. That it covers the whole of every stack: tap-stack.test.ts.

let graph: Graph;

beforeAll(async () => {
  graph = await evaluate(() => {
    const stack = new ComponentResource('tap:index:TapStack', 'tap');
    const { primary } = twoRegions();
    const at = { provider: primary.provider };
    new Queue('early', {}, { ...at, parent: stack });
    createDestroyGuard(stack, { region: primary, orchestrator: { physicalName: 'failover-orchestrator-test' } });
    const part = new ComponentResource('tap:index:Part', 'part', {}, { parent: stack });
    new Queue('late', {}, { ...at, parent: part });
    return {};
  });
});

const guardOf = () => graph.one('aws:lambda/invocation:Invocation', 'destroy-guard');

test('what the stack makes after the guard is covered too, also below components', () => {
  const queues = graph.all('aws:sqs/queue:Queue');
  expect(queues.map(({ name }) => name)).toEqual(['early', 'late']);
  for (const queue of queues) expect(graph.dependsOn(guardOf(), queue)).toBe(true);
});

test('it is asked of the orchestrator in primary, at its deletion too', () => {
  expect(guardOf().inputs).toMatchObject({ functionName: 'failover-orchestrator-test', lifecycleScope: 'CRUD' });
  expect(guardOf().region).toBe('eu-central-1');
});

test('nothing replaces it but the function’s name: an `up` would invoke it for a deletion (X5)', () => {
  // An input that came from the function would be unknown while that is replaced, and a trigger is a replacement of its own.
  expect(guardOf().propertyDependencies).toEqual({});
  expect(Object.keys(guardOf().inputs).sort()).toEqual(['functionName', 'input', 'lifecycleScope']);
});

test('it sends what the handler reads, with what the provider adds to it', () => {
  const input: unknown = JSON.parse(String(guardOf().inputs['input']));
  const event = { ...Object(input), tf: { action: 'delete', prev_input: input } };
  expect(readEvent(event, 'failover-trigger-test')).toEqual({ action: 'may-destroy', tf: { action: 'delete' } });
});
