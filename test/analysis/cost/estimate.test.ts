import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { estimateCost, PRICED_TYPES } from '../../../analysis/cost/estimate';
import { FREE } from '../../../analysis/cost/free';
import { CONSTANT_TICKS, TICK_CALLS } from '../../../analysis/cost/ticks';
import { workloadOf, WORKLOAD, WORKLOAD_SAYS } from '../../../analysis/cost/workload';
import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { readStack, stackNames } from '../../../analysis/graph/stack-files';
import { ROOT } from '../../../lib/bundles';
import { parseConfig } from '../../../lib/config';
import { Graph } from '../../../analysis/graph/graph';
import { withInputs } from '../budget/support';
import { costOf, PLACES, resource } from './support';
import type { CostEstimate } from '../../../analysis/cost/estimate';
import type { GraphResource } from '../../../analysis/graph/graph';

const graphs = new Map<string, Graph>();

beforeAll(async () => {
  for (const stack of stackNames(ROOT)) graphs.set(stack, await evaluateStack(stack));
}, 180_000);

function graphOf(stack: string): Graph {
  const graph = graphs.get(stack);
  if (!graph) throw new Error(`${stack} was not evaluated`);
  return graph;
}

function placesOf(stack: string) {
  const { project, config } = readStack(ROOT, stack);
  const { primaryRegion, drRegion } = parseConfig(config, { project, stack });
  return { primary: primaryRegion, dr: drRegion };
}

const estimateOf = (stack: string): CostEstimate => estimateCost(graphOf(stack), { places: placesOf(stack) });

describe.each(stackNames(ROOT))('stack %s', (stack) => {
  test('every type is priced or free for a reason, never both', () => {
    const types = new Set(graphOf(stack).created.map(({ type }) => type));
    expect([...types].filter((type) => !PRICED_TYPES.includes(type) && !(type in FREE))).toEqual([]);
    expect(PRICED_TYPES.filter((type) => type in FREE)).toEqual([]);
  });

  test('the places, the bases and the lines are the same sum, and no line is free, odd or negative', () => {
    const { usd, places, byBasis, lines, standbyUsd, standbyShare } = estimateOf(stack);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(lines.map((line) => line.usd))).toBeCloseTo(usd, 6);
    expect(sum(Object.values(places))).toBeCloseTo(usd, 6);
    expect(sum(Object.values(byBasis))).toBeCloseTo(usd, 6);
    expect(sum(lines.map((line) => line.standbyUsd))).toBeCloseTo(standbyUsd, 6);
    expect(standbyShare).toBeCloseTo(standbyUsd / usd, 9);
    expect(lines.filter((line) => !(line.usd > 0) || line.standbyUsd > line.usd)).toEqual([]);
  });

  test('all of dr and of the witness is there because of the second region (X11)', () => {
    const { lines } = estimateOf(stack);
    const own = lines.filter(({ place, region }) => place !== 'primary' && region !== undefined);
    expect(own.filter((line) => line.standbyUsd !== line.usd)).toEqual([]);
  });

  test('is one JSON document', () => {
    expect(JSON.parse(JSON.stringify(estimateOf(stack)))).toEqual(estimateOf(stack));
  });
});

describe('dev', () => {
  test('is dominated by these, which is what one looks at first', () => {
    const [first, second] = estimateOf('dev').lines;
    expect([first?.what, first?.place, second?.what, second?.place]).toEqual([
      'instances db.r7g.large',
      'primary',
      'instances db.r7g.large',
      'dr',
    ]);
  });

  test('has every type of charge that X11 asks for', () => {
    const services = new Set(estimateOf('dev').lines.map(({ service }) => service));
    expect([...services].sort()).toEqual([
      'API Gateway',
      'Aurora',
      'CloudWatch',
      'DynamoDB',
      'EC2',
      'KMS',
      'Lambda',
      'Load balancing',
      'Route 53',
      'S3',
      'SNS',
      'SQS',
      'Synthetics',
      'VPC',
      'X-Ray',
    ]);
  });

  test('without NAT gateways costs what the gateways, their addresses and their traffic cost less', () => {
    const graph = graphOf('dev');
    const without = graph.resources.filter(({ type }) => !/:(NatGateway|Eip)$/.test(type));
    const { usd } = estimateCost(new Graph('tap', 'dev', without, [], {}, []), { places: placesOf('dev') });
    // In Frankfurt 730 x 0.052 + 50 GB x 0.052 + 730 x 0.005; in Zurich 730 x 0.059 + 50 x 0.059 + 730 x 0.005
    expect(estimateOf('dev').usd - usd).toBeCloseTo(37.96 + 2.6 + 3.65 + 43.07 + 2.95 + 3.65, 6);
  });
});

describe('what nobody has priced is refused, because a forgotten line is a wrong sum', () => {
  test('a type', () => {
    const types = ['aws:elasticache/cluster:Cluster', 'aws:wafv2/webAcl:WebAcl', 'aws:kms/key:Key'];
    expect(() => costOf(types.map((type) => resource(type)))).toThrow(
      'nobody has said what these resources cost: aws:elasticache/cluster:Cluster, aws:wafv2/webAcl:WebAcl; give each a rule',
    );
  });

  test('a region', () => {
    expect(() => costOf([resource('aws:kms/key:Key', {}, 'ap-south-1')])).toThrow(
      'no prices for the region ap-south-1',
    );
  });

  test('a class in the whole stack', () => {
    const graph = withInputs(graphOf('dev'), 'aws:rds/clusterInstance:ClusterInstance', 'aurora-dr-instance-1', {
      instanceClass: 'db.x2g.large',
    });
    expect(() => estimateCost(graph, { places: PLACES })).toThrow('no price for the Aurora class db.x2g.large');
  });

  test('a workload that is no number', () => {
    expect(() => workloadOf({ ordersPerSecond: -1 })).toThrow(
      "the workload's ordersPerSecond is -1; allowed are numbers from 0 on",
    );
    expect(() => workloadOf({ tableGb: Number.NaN })).toThrow("the workload's tableGb is NaN");
  });
});

describe('more is never cheaper', () => {
  const copies = (of: GraphResource, many: number): readonly GraphResource[] =>
    Array.from({ length: many }, (_, index) => ({ ...of, urn: `${of.urn}-${index}`, name: `${of.name}-${index}` }));

  test('of any resource that is there already', () => {
    const graph = graphOf('dev');
    // NAT gateways share one traffic, and are more expensive all the same.
    const given = estimateOf('dev').usd;
    fc.assert(
      fc.property(fc.constantFrom(...graph.created), fc.integer({ min: 1, max: 3 }), (one, many) => {
        const more = new Graph('tap', 'dev', [...graph.resources, ...copies(one, many)], [], {}, []);
        return estimateCost(more, { places: placesOf('dev') }).usd >= given - 1e-9;
      }),
      { numRuns: 60 },
    );
  });

  test('of any instance in the fleet, and every instance costs the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
        const at = (minSize: number): number =>
          estimateCost(
            withInputs(graphOf('dev'), 'aws:autoscaling/group:Group', 'services-dr-fleet-group', {
              minSize,
              desiredCapacity: minSize,
            }),
            { places: placesOf('dev') },
          ).usd;
        // 730 h x 0.0168 x 1.32, 8 GB x 0.1056, 7 metrics x 0.30
        return Math.abs(at(size + 1) - at(size) - (16.18848 + 0.8448 + 2.1)) < 1e-6;
      }),
      { numRuns: 10 },
    );
  });

  test('of any load', () => {
    const keys = Object.keys(WORKLOAD).filter((key): key is keyof typeof WORKLOAD => key in WORKLOAD);
    const graph = graphOf('dev');
    const at = (key: keyof typeof WORKLOAD, value: number): number =>
      estimateCost(graph, { places: placesOf('dev'), workload: { [key]: value } }).usd;
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.double({ min: 0, max: 50, noNaN: true }), (key, value) => {
        return at(key, value * 2) >= at(key, value) - 1e-6;
      }),
      { numRuns: 60 },
    );
  });
});

describe('what the estimate says of the handlers is so in their files', () => {
  const fileOf = (name: string): string => readFileSync(path.join(ROOT, 'lambda', name), 'utf8');

  test('the reconciler ticks by a constant of its own', () => {
    expect(fileOf('reconciler/compose.ts')).toContain(`const INTERVAL_MS = ${CONSTANT_TICKS['reconciler']}_000;`);
  });

  test('every function that ticks has its calls counted, or writes its metrics to its log', () => {
    const ticking = graphOf('dev')
      .all('aws:lambda/function:Function')
      .map(({ inputs }) => JSON.stringify(inputs['environment']))
      .filter((variables) => variables.includes('_INTERVAL_SECONDS'))
      .map((variables) => /"POWERTOOLS_SERVICE_NAME":"([^"]+)"/.exec(variables)?.[1] ?? '');
    const uncounted = [...new Set(ticking)].filter((service) => !(service in TICK_CALLS));
    expect(uncounted).toEqual(['replication-monitor']);
    expect(fileOf('replication-monitor/compose.ts')).toContain("telemetry.signal('RpoLagSeconds'");
  });
});

test('every assumption says what it means', () => {
  expect(Object.keys(WORKLOAD_SAYS).sort()).toEqual(Object.keys(WORKLOAD).sort());
});
