import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { stackNames } from '../../analysis/graph/stack-files';
import { ROOT } from '../../lib/bundles';
import { longestSuffix } from '../../lib/naming';
import { refusedTexts, unlimited } from './text-limits';
import type { Graph, Value } from '../../analysis/graph/graph';

/** The longest suffix that configuration takes, and regions with the longest names: every name at its tightest. */
const TIGHTEST = {
  environmentSuffix: 'a'.repeat(longestSuffix('load balancer')),
  primaryRegion: 'ap-southeast-1',
  drRegion: 'ap-northeast-1',
  witnessRegion: 'ap-southeast-2',
  natStrategy: 'per-az',
  rpoEnforcementSeconds: '86400',
  manageApiGatewayAccount: 'true',
};
const TIGHT = 'with the longest names there can be';

const graphs = new Map<string, Graph>();
beforeAll(async () => {
  for (const stack of stackNames(ROOT)) graphs.set(stack, await evaluateStack(stack));
  graphs.set(TIGHT, await evaluateStack('dev', { overrides: TIGHTEST }));
}, 90_000);

function graphOf(stack: string): Graph {
  const graph = graphs.get(stack);
  if (!graph) throw new Error(`${stack} was not evaluated`);
  return graph;
}

const bytes = (variables: Value): number =>
  typeof variables === 'object' && variables !== null
    ? Object.entries(variables).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0)
    : 0;

// AWS refuses a wrong text when it is asked to make the thing: half way through `up`, minutes after the first resource.
describe.each([...stackNames(ROOT), TIGHT])('the texts of stack %s', (stack) => {
  test('have the characters and the length that AWS documents for them', () => {
    expect(graphOf(stack).created.flatMap(refusedTexts)).toEqual([]);
  });

  test('are all of a kind whose limit somebody has looked up', () => {
    expect([...new Set(graphOf(stack).created.flatMap(unlimited))]).toEqual([]);
  });

  test('leave room in a function’s environment, of which Lambda takes 4 KB in all', () => {
    const full = graphOf(stack)
      .all('aws:lambda/function:Function')
      .map(({ name, inputs: { environment } }) => ({
        name,
        size:
          typeof environment === 'object' && environment !== null && 'variables' in environment
            ? bytes(environment['variables'])
            : 0,
      }))
      .filter(({ size }) => size === 0 || size > 4096);
    expect(full).toEqual([]);
  });
});
