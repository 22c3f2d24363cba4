import { Graph } from '../../../analysis/graph/graph';
import type { GraphResource, Values } from '../../../analysis/graph/graph';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { topologyOf } from '../../../rehearsal/report/topology';
import type { Topology } from '../../../rehearsal/report/topology';

let topology: Topology;
beforeAll(async () => {
  topology = topologyOf(await evaluateStack('dev'), { primary: 'eu-central-1', dr: 'eu-central-2' });
}, 120_000);

describe('the drawing shows what the program creates, by the resources’ own properties', () => {
  test('both regions serve, queue, store and watch', () => {
    for (const region of topology.regions) {
      expect(region.api?.functions).toEqual(['health-dev', 'orders-api-dev', 'payment-validator-dev']);
      expect(region.queues).toEqual([{ name: 'orders-queue-dev', consumers: ['order-processor-dev'] }]);
      expect(region.globalTables).toEqual(['orders-dev', 'sessions-dev', 'transactions-dev']);
      expect(region.regionalTables).toEqual(['journal-dev', 'lease-dev', 'register-dev']);
      expect(region.control).toEqual(expect.arrayContaining(['failover-orchestrator-dev', 'heartbeat-dev']));
      expect(region.control).not.toContain('order-processor-dev');
    }
  });

  test('primary writes, dr follows, and storage is copied from one to the other', () => {
    expect(topology.regions.map(({ role, database }) => [role, database?.member, database?.instances])).toEqual([
      ['primary', 'writer', 2],
      ['dr', 'secondary', 1],
    ]);
    expect(topology.databases).toMatchObject([{ from: 'eu-central-1', to: 'eu-central-2' }]);
  });

  test('the witness has the register and nothing else', () => {
    expect(topology.witness).toEqual({ region: 'eu-west-1', tables: ['register-dev'] });
  });

  test('the trigger lives in dr and names its legs', () => {
    expect(topology.trigger).toMatchObject({
      region: 'eu-central-2',
      calls: 'failover-orchestrator-dev',
      legs: ['probe-failed-dev', 'heartbeat-silent-dev', 'heartbeat-unhealthy-dev', 'canary-peer-failed-dev'],
    });
  });

  test('clients are sent to primary while two checks of two agree, else to dr', () => {
    expect(topology.names.map(({ name }) => name)).toEqual([
      'api.dev.trading.example.com',
      'app.dev.trading.example.com',
    ]);
    expect(topology.names[0]?.answers).toEqual([
      { role: 'PRIMARY', region: 'eu-central-1', check: '2 of 2: endpoint, 30 s × 3, alarm failover-active-dev' },
      { role: 'SECONDARY', region: 'eu-central-2', check: 'endpoint, 30 s × 3' },
    ]);
  });

  test('buckets are copied both ways', () => {
    expect(topology.buckets.map(({ from, to, names }) => [from, to, names.length])).toEqual([
      ['eu-central-2', 'eu-central-1', 6],
      ['eu-central-1', 'eu-central-2', 6],
    ]);
  });

  test('is JSON as it stands', () => {
    expect(JSON.parse(JSON.stringify(topology))).toEqual(topology);
  });
});

/** A resource of primary as the evaluation would register it. */
function resource(type: string, name: string, inputs: Values, outputs: Values = {}): GraphResource {
  const options = {
    ...{ ignoreChanges: [], replaceOnChanges: [], additionalSecretOutputs: [], aliases: [], protect: false },
    ...{ retainOnDelete: false, deleteBeforeReplace: false, deletedWith: '', importId: '', customTimeouts: {} },
  };
  return {
    ...{
      urn: `urn:${name}`,
      type,
      name,
      kind: 'resource',
      id: name,
      inputs,
      outputs,
      secretInputs: [],
      provider: undefined,
    },
    ...{ region: 'eu-central-1', parent: undefined, dependencies: [], propertyDependencies: {}, options },
  };
}

test('a function is not called because its name is the beginning of another’s', () => {
  const arn = 'arn:aws:lambda:eu-central-1:1:function:orders';
  const graph = new Graph(
    'tap',
    'small',
    [
      resource('aws:apigateway/restApi:RestApi', 'api', { name: 'api' }),
      resource('aws:lambda/function:Function', 'short', { name: 'orders' }, { arn }),
      resource('aws:lambda/function:Function', 'long', { name: 'orders-api' }, { arn: `${arn}-api` }),
      resource('aws:apigateway/integration:Integration', 'post', { uri: `x/functions/${arn}-api/invocations` }),
    ],
    [],
    {},
    [],
  );
  const [primary] = topologyOf(graph, { primary: 'eu-central-1', dr: 'eu-central-2' }).regions;
  expect(primary?.api?.functions).toEqual(['orders-api']);
  expect(primary?.control).toEqual(['orders']);
});
