import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { isGlobal, mustBeNamed, physicalNameOf } from '../../analysis/graph/physical-name';
import { readStack, stackNames } from '../../analysis/graph/stack-files';
import { ROOT } from '../../lib/bundles';
import type { Graph, GraphResource } from '../../analysis/graph/graph';

const graphs = new Map<string, Graph>();

beforeAll(async () => {
  for (const stack of stackNames(ROOT)) graphs.set(stack, await evaluateStack(stack));
}, 60_000);

function graphOf(stack: string): Graph {
  const graph = graphs.get(stack);
  if (!graph) throw new Error(`${stack} was not evaluated`);
  return graph;
}

const label = ({ type, name }: GraphResource): string => `${type} ${name}`;
const settingsOf = (stack: string): { suffix: string; primary: string; dr: string } => {
  const { project, config } = readStack(ROOT, stack);
  const key = (name: string): string => config[`${project}:${name}`] ?? '';
  return { suffix: key('environmentSuffix'), primary: key('primaryRegion'), dr: key('drRegion') };
};

describe.each(stackNames(ROOT))('stack %s', (stack) => {
  test('every resource and look-up names one of the two providers: nothing lands in a default region', () => {
    const { primary, dr } = settingsOf(stack);
    const graph = graphOf(stack);
    const providers = graph.resources.filter(({ kind }) => kind === 'provider');

    expect(providers.map(({ name, inputs }) => [name, inputs['region']])).toEqual([
      ['primary', primary],
      ['dr', dr],
    ]);
    const urns = providers.map(({ urn }) => urn);
    const elsewhere = [
      ...graph.created.map((r) => ({ at: r.provider, what: label(r) })),
      ...graph.invokes.map((i) => ({ at: i.provider, what: i.token })),
    ];
    expect(elsewhere.filter(({ at }) => at === undefined || !urns.includes(at))).toEqual([]);
  });

  test('every physical name carries the suffix, so that stacks share an account (N5)', () => {
    const { suffix } = settingsOf(stack);
    const named = graphOf(stack)
      .created.filter((resource) => mustBeNamed(resource) || physicalNameOf(resource) !== undefined)
      .map((resource) => ({ what: label(resource), name: physicalNameOf(resource) }));
    const carries = new RegExp(`(^|[-./])${suffix}($|[-./])`);
    // One that is not given is made up, without the suffix: a missing name is as wrong as another one.
    expect(named.filter(({ name }) => name === undefined || !carries.test(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(150);
  });

  test('no name stands twice where AWS would refuse it: per region, and globally for roles, buckets and records', () => {
    const seen = new Map<string, string[]>();
    for (const resource of graphOf(stack).created) {
      const name = physicalNameOf(resource);
      // Tags are labels and may repeat; policies are named inside their role, records by set identifier, permissions not at all.
      if (name === undefined || typeof resource.inputs['name'] !== 'string') continue;
      const scope = isGlobal(resource) || resource.type.includes('s3/') ? 'global' : (resource.region ?? '');
      const key = [scope, resource.type, name, resource.inputs['setIdentifier'], resource.inputs['role']].join(' ');
      seen.set(key, [...(seen.get(key) ?? []), label(resource)]);
    }
    expect([...seen].filter(([, labels]) => labels.length > 1)).toEqual([]);
  });

  test('nothing is retained, protected or guarded against deletion, so destroy removes all of it (N8)', () => {
    const kept = graphOf(stack).created.filter(
      ({ options, inputs }) =>
        options.protect ||
        options.retainOnDelete ||
        inputs['deletionProtection'] === true ||
        inputs['deletionProtectionEnabled'] === true ||
        inputs['enableDeletionProtection'] === true ||
        inputs['skipDestroy'] === true,
    );
    expect(kept.map(label)).toEqual([]);
    const notEmptied = graphOf(stack)
      .all('aws:s3/bucket:Bucket')
      .filter(({ inputs }) => inputs['forceDestroy'] !== true);
    expect(notEmptied.map(label)).toEqual([]);
    for (const cluster of graphOf(stack).all('aws:rds/cluster:Cluster'))
      expect(cluster.inputs['skipFinalSnapshot']).toBe(true);
  });

  test('the guard depends on everything else, so that a destroy that it refuses has deleted nothing (N8)', () => {
    const graph = graphOf(stack);
    const guard = graph.one('aws:lambda/invocation:Invocation', 'destroy-guard');
    const others = graph.resources.filter(({ kind, urn }) => kind !== 'component' && urn !== guard.urn);
    expect(others.filter((one) => !graph.dependsOn(guard, one)).map(label)).toEqual([]);
    // The name under which it is taken out of the state: docs/runbooks/destroy.md and ops/pipeline/tear-down.ts.
    expect(guard.urn).toBe(
      `urn:pulumi:${stack}::tap::tap:index:TapStack$aws:lambda/invocation:Invocation::destroy-guard`,
    );
  });

  test('both providers tag everything with environment, region and home role (N6)', () => {
    const { suffix, primary, dr } = settingsOf(stack);
    const tags = graphOf(stack)
      .resources.filter(({ kind }) => kind === 'provider')
      .map(({ inputs }): unknown => JSON.parse(String(inputs['defaultTags'])));
    const expected = (region: string, role: string): object => ({
      tags: {
        Environment: expect.any(String) as string,
        EnvironmentSuffix: suffix,
        Region: region,
        'DR-Role': role, // prettier-ignore
        Repository: expect.any(String) as string,
        Author: expect.any(String) as string,
        CostCenter: expect.any(String) as string, // prettier-ignore
      },
    });
    expect(tags).toMatchObject([expected(primary, 'primary'), expected(dr, 'dr')]);
  });

  test('what exists in both regions ignores the same changes on both sides: roles may swap (X5)', () => {
    const graph = graphOf(stack);
    const swapped = (name: string): string => name.replace('primary', 'dr');
    const unequal = graph.created.flatMap((resource) => {
      const twin = graph
        .all(resource.type)
        .find(({ name }) => name !== resource.name && name === swapped(resource.name));
      if (!twin) return [];
      const [own, its] = [[...resource.options.ignoreChanges].sort(), [...twin.options.ignoreChanges].sort()];
      return JSON.stringify(own) === JSON.stringify(its)
        ? []
        : [`${label(resource)}: ${own.join()} against ${its.join()}`];
    });
    expect(unequal).toEqual([]);
  });

  test('both regions run the same bundles, function by function (C1)', () => {
    const { suffix, primary, dr } = settingsOf(stack);
    const bundles = (region: string): Record<string, unknown> =>
      Object.fromEntries(
        graphOf(stack)
          .all('aws:lambda/function:Function')
          .filter((f) => f.region === region)
          .map(({ inputs }) => [inputs['name'], inputs['code']]),
      );
    expect(Object.keys(bundles(primary)).length).toBeGreaterThanOrEqual(4);
    // Only dr probes: it is the region that takes over by itself.
    const { [`primary-probe-${suffix}`]: probe, ...same } = bundles(dr);
    expect(same).toEqual(bundles(primary));
    expect(probe).toBeDefined();
  });

  test('no account singleton, no aws-sdk v2, no reserved concurrency (N15)', () => {
    const graph = graphOf(stack);
    const singletons = graph.created.filter(({ type }) =>
      /guardduty|aws:cfg\/|apigateway\/account|securityhub|macie/i.test(type),
    );
    expect(singletons.map(label)).toEqual([]);
    const reserved = graph
      .all('aws:lambda/function:Function')
      .filter(({ inputs }) => inputs['reservedConcurrentExecutions'] !== undefined);
    expect(reserved.map(label)).toEqual([]);
  });

  // Of two stacks that between them have everything: a preview is another evaluation, and they are what this file's time goes to.
  if (['dev', 'us'].includes(stack))
    test('a first preview shows every resource: none is made inside an apply', async () => {
      const preview = await evaluateStack(stack, { preview: true });
      const shown = new Set(preview.resources.map(({ urn }) => urn));
      expect(
        graphOf(stack)
          .resources.filter(({ urn }) => !shown.has(urn))
          .map(label),
      ).toEqual([]);
    });
});
