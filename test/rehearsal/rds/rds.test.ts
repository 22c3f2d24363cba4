import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { text, type Graph } from '../../../analysis/graph/graph';
import type { Call, WireFields } from '../../../rehearsal/aws/service';
import { Bench, DR, PRIMARY } from './bench';

let graph: Graph;
let endpoints: { readonly global: string; readonly primary: string; readonly dr: string; readonly drReader: string };
let arns: { readonly global: string; readonly primary: string; readonly dr: string };
const GLOBAL_ID = 'aurora-global-eu-central-1-dev';

beforeAll(async () => {
  graph = await evaluateStack('dev');
  const global = graph.one('aws:rds/globalCluster:GlobalCluster', 'aurora-global');
  const primary = graph.one('aws:rds/cluster:Cluster', 'aurora-primary-cluster');
  const dr = graph.one('aws:rds/cluster:Cluster', 'aurora-dr-cluster');
  endpoints = {
    global: text(global.outputs, 'endpoint'),
    primary: text(primary.outputs, 'endpoint'),
    dr: text(dr.outputs, 'readerEndpoint').replace('.cluster-ro-', '.cluster-'),
    drReader: text(dr.outputs, 'readerEndpoint'),
  };
  arns = { global: text(global.outputs, 'arn'), primary: text(primary.outputs, 'arn'), dr: text(dr.outputs, 'arn') };
}, 120_000);

const failover = (extra: WireFields = { AllowDataLoss: true }): WireFields => ({
  GlobalClusterIdentifier: GLOBAL_ID,
  TargetDbClusterIdentifier: arns.dr,
  ...extra,
});

/** What DescribeGlobalClusters says, without what never changes. */
function look(bench: Bench): { readonly status: unknown; readonly state: unknown; readonly members: unknown } {
  const answer = bench.call('DescribeGlobalClusters', { GlobalClusterIdentifier: GLOBAL_ID }, DR);
  if (!answer.ok) throw new Error(answer.error.code);
  const [global] = answer.output['GlobalClusters'] as readonly WireFields[];
  const members = global?.['GlobalClusterMembers'] as readonly WireFields[];
  return {
    status: global?.['Status'],
    state: (global?.['FailoverState'] as WireFields | undefined)?.['Status'],
    members: members.map((member) => [member['IsWriter'], member['SynchronizationStatus']]),
  };
}

const refusalOf = (bench: Bench, operation: string, input: WireFields, region?: string): string => {
  const answer = bench.call(operation, input, region);
  return answer.ok ? 'taken' : `${answer.error.code} ${answer.error.status}`;
};

describe('the API (RDS API reference)', () => {
  test('describes the global database of the program, and does not find another one', () => {
    const bench = new Bench(graph);
    expect(look(bench)).toEqual({
      status: 'available',
      state: undefined,
      members: [
        [true, 'connected'],
        [false, 'connected'],
      ],
    });
    const other = { GlobalClusterIdentifier: 'another' };
    expect(refusalOf(bench, 'DescribeGlobalClusters', other)).toBe('GlobalClusterNotFoundFault 404');
  });

  test('describes a cluster by identifier or ARN, in its own region only', () => {
    const bench = new Bench(graph);
    for (const asked of [arns.primary, 'aurora-eu-central-1-dev', 'Aurora-EU-central-1-dev']) {
      expect(bench.call('DescribeDBClusters', { DBClusterIdentifier: asked })).toMatchObject({
        output: {
          DBClusters: [
            {
              Status: 'available',
              EngineVersion: '17.7',
              Endpoint: endpoints.primary,
              DBClusterMembers: [{ IsClusterWriter: true }, { IsClusterWriter: false }],
            },
          ],
        },
      });
    }
    const elsewhere = { DBClusterIdentifier: arns.dr };
    expect(refusalOf(bench, 'DescribeDBClusters', elsewhere)).toBe('DBClusterNotFoundFault 404');
  });

  test('a cluster that follows has readers only, and no cluster endpoint', () => {
    // hashicorp/terraform-provider-aws issue 14219; gravitational/teleport pull request 16187.
    const answer = new Bench(graph).call('DescribeDBClusters', { DBClusterIdentifier: arns.dr }, DR);
    expect(answer).toMatchObject({
      output: { DBClusters: [{ DBClusterMembers: [{ IsClusterWriter: false }], ReaderEndpoint: endpoints.drReader }] },
    });
    expect(JSON.stringify(answer)).not.toContain(endpoints.dr);
  });

  test('filters instances by their cluster', () => {
    const bench = new Bench(graph);
    const ask = (value: string) =>
      bench.call('DescribeDBInstances', { Filters: [{ Name: 'db-cluster-id', Values: [value] }] });
    const two = [{ DBInstanceStatus: 'available' }, { DBInstanceStatus: 'available' }];
    expect(ask('aurora-eu-central-1-dev')).toMatchObject({ output: { DBInstances: two } });
    expect(ask(arns.primary)).toMatchObject({ output: { DBInstances: two } });
    expect(ask('aurora-eu-central-2-dev')).toMatchObject({ output: { DBInstances: [] } });
    expect(() => bench.call('DescribeDBInstances', { MaxRecords: 20 })).toThrow('the input MaxRecords is not modelled');
  });

  test('a failover needs the right to the global cluster and to both members', () => {
    const bench = new Bench(graph);
    const caller = { principal: 'p', from: DR, name: 'n' };
    const needs = (operation: string, input: WireFields): readonly string[] => {
      const call: Call = { region: DR, service: 'rds', operation, input, caller };
      return bench.rds.needs(call).map(({ action, resource }) => `${action} ${resource}`);
    };
    const all = Object.values(arns).sort();
    expect([...needs('FailoverGlobalCluster', failover())].sort()).toEqual(
      all.map((arn) => `rds:FailoverGlobalCluster ${arn}`),
    );
    expect(needs('DescribeDBClusters', { DBClusterIdentifier: arns.dr })).toEqual([
      `rds:DescribeDBClusters ${arns.dr}`,
    ]);
    expect(needs('DescribeDBInstances', {})).toEqual([
      'rds:DescribeDBInstances arn:aws:rds:eu-central-2:123456789012:db:*',
    ]);
  });

  test('refuses what it cannot do', () => {
    const bench = new Bench(graph);
    const ask = (input: WireFields, region = DR) => refusalOf(bench, 'FailoverGlobalCluster', input, region);
    expect(ask({ ...failover(), GlobalClusterIdentifier: 'another' })).toBe('GlobalClusterNotFoundFault 404');
    // "Use the Amazon Resource Name (ARN) for the identifier so that Aurora can locate the cluster in its Region."
    expect(ask({ ...failover(), TargetDbClusterIdentifier: 'aurora-eu-central-2-dev' })).toBe(
      'DBClusterNotFoundFault 404',
    );
    expect(ask(failover({ AllowDataLoss: true, Switchover: true }))).toBe('InvalidParameterCombination 400');
    const toWriter = { ...failover(), TargetDbClusterIdentifier: arns.primary };
    expect(ask(toWriter, PRIMARY)).toBe('InvalidDBClusterStateFault 400');
    expect(ask(failover())).toBe('taken');
    expect(ask(failover())).toBe('InvalidGlobalClusterStateFault 400');
  });

  test('a call to the region that the guide does not name ends the run: nobody knows its answer', () => {
    const bench = new Bench(graph);
    expect(() => bench.call('FailoverGlobalCluster', failover(), PRIMARY)).toThrow('is not modelled');
    // Without AllowDataLoss the same order is a switchover, which belongs to the writer's region.
    expect(() => bench.call('FailoverGlobalCluster', failover({}), DR)).toThrow('is not modelled');
  });
});

describe('names', () => {
  test('lead to the writer, to readers, and for a cluster that follows nowhere', async () => {
    const bench = new Bench(graph);
    expect(bench.rds.server(endpoints.global, 5432)).toBe(bench.rds.server(endpoints.primary, 5432));
    expect(bench.rds.server(endpoints.drReader, 5432)?.place).toBe(DR);
    // gravitational/teleport issue 16079: "no such host".
    await expect(bench.connect(endpoints.dr)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('of an instance leads to it before and after it becomes the writer', async () => {
    const bench = new Bench(graph);
    const name = endpoints.drReader.replace(/^.*\.cluster-ro-/, 'aurora-1-eu-central-2-dev.');
    const before = bench.rds.server(name, 5432);
    expect(before?.place).toBe(DR);
    bench.rds.faults.loseRegion(PRIMARY);
    bench.call('FailoverGlobalCluster', failover(), DR);
    await bench.pass(100_000);
    expect(bench.rds.server(name, 5432)).toBe(bench.rds.server(endpoints.dr, 5432));
  });

  test('after a failover the new cluster endpoint leads to the writer at once, and the global one when DNS has followed', async () => {
    const bench = new Bench(graph);
    bench.rds.faults.loseRegion(PRIMARY);
    bench.call('FailoverGlobalCluster', failover(), DR);
    await bench.pass(100_000);
    expect(bench.rds.server(endpoints.dr, 5432)?.place).toBe(DR);
    expect(bench.rds.server(endpoints.global, 5432)?.place).toBe(PRIMARY);
    await bench.pass(20_000);
    expect(bench.rds.server(endpoints.global, 5432)?.place).toBe(DR);
  });
});

describe('a failover that may lose data (Aurora guide, "Using switchover or failover")', () => {
  test('is pending, then failing over; the new writer is named and then available', async () => {
    const bench = new Bench(graph);
    bench.rds.faults.loseRegion(PRIMARY);
    bench.call('FailoverGlobalCluster', failover(), DR);
    const seen: unknown[] = [];
    for (const at of [1, 3, 94, 96, 101]) {
      await bench.pass(at * 1_000 - bench.seconds * 1_000);
      const cluster = bench.call('DescribeDBClusters', { DBClusterIdentifier: arns.dr }, DR);
      const [described] = (cluster.ok ? cluster.output['DBClusters'] : []) as readonly WireFields[];
      const { state, members } = look(bench);
      seen.push([state, (members as unknown[][])[1]?.[0], described?.['Status']]);
    }
    expect(seen).toEqual([
      ['pending', false, 'failing-over'],
      ['failing-over', false, 'failing-over'],
      ['failing-over', false, 'failing-over'],
      [undefined, true, 'failing-over'],
      [undefined, true, 'available'],
    ]);
  });

  test('leaves in the new writer what had come, and loses the rest with the old one', async () => {
    const bench = new Bench(graph);
    const client = await bench.connect(endpoints.primary);
    await bench.order(client, 'early');
    await bench.pass(2_000);
    await bench.order(client, 'late');
    bench.rds.faults.loseRegion(PRIMARY);
    // Inside the lost region everything goes on.
    expect(await bench.order(client, 'inside')).toBe(true);
    bench.call('FailoverGlobalCluster', failover(), DR);
    await bench.pass(110_000);
    expect(bench.rds.effects(DR).map(({ id }) => id)).toEqual(['early']);
    expect(bench.rds.lostWithOldWriter().map(({ what }) => what.kind === 'order' && what.id)).toEqual([
      'late',
      'inside',
    ]);
    expect(bench.rds.committed(PRIMARY)).toHaveLength(3);
    expect(bench.rds.committed().every(({ acknowledgedAt }) => acknowledgedAt !== undefined)).toBe(true);
  });

  test('an old writer that cannot be reached goes on committing, also beside the new one', async () => {
    // "Aurora tries to halt writes": best effort. It is what the lease is there for.
    const bench = new Bench(graph);
    const client = await bench.connect(endpoints.primary);
    bench.rds.faults.loseRegion(PRIMARY);
    bench.call('FailoverGlobalCluster', failover(), DR);
    await bench.pass(120_000);
    expect(await bench.order(client, 'split')).toBe(true);
    const other = await bench.connect(endpoints.dr);
    expect(await bench.order(other, 'split', 2)).toBe(true);
    expect(bench.rds.committed().map(({ writer }) => writer)).toEqual([PRIMARY, DR]);
    expect(bench.events.map(({ region, event }) => [region, event.detail['EventID']])).toContainEqual([
      DR,
      'RDS-EVENT-0391',
    ]);
  });

  test('an old writer that can be reached is fenced, unless fencing times out', async () => {
    for (const timesOut of [false, true]) {
      const bench = new Bench(graph);
      if (timesOut) bench.rds.faults.fencingTimesOut();
      bench.call('FailoverGlobalCluster', failover(), DR);
      await bench.pass(15_000);
      const told = bench.connect(endpoints.primary).then(
        () => 'connected',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : 'failed'),
      );
      expect(await told).toBe(timesOut ? 'connected' : 'ECONNREFUSED');
    }
  });

  test('that fails leaves the old writer where it was, with replication going on', async () => {
    const bench = new Bench(graph);
    bench.rds.faults.promotionFails();
    bench.call('FailoverGlobalCluster', failover(), DR);
    await bench.pass(120_000);
    expect(look(bench)).toMatchObject({
      status: 'available',
      state: undefined,
      members: [
        [true, 'connected'],
        [false, 'connected'],
      ],
    });
    const client = await bench.connect(endpoints.primary);
    expect(await bench.order(client, 'after')).toBe(true);
    await bench.pass(1_000);
    expect(bench.rds.effects(DR)).toHaveLength(1);
  });

  test('brings the old writer back as a follower, some time after its region, with the new writer’s content', async () => {
    const bench = new Bench(graph);
    const client = await bench.connect(endpoints.primary);
    bench.rds.faults.loseRegion(PRIMARY);
    bench.call('FailoverGlobalCluster', failover(), DR);
    await bench.pass(120_000);
    await bench.order(client, 'lost');
    await bench.order(await bench.connect(endpoints.dr), 'kept', 2);
    bench.rds.faults.returnRegion(PRIMARY);
    await bench.pass(29_000);
    expect(await bench.order(client, 'dangerous')).toBe(true);
    await bench.pass(2_000);
    expect(await bench.order(client, 'refused')).toBe(false);
    expect(look(bench).members).toEqual([
      [false, 'pending-resync'],
      [true, 'connected'],
    ]);
    await bench.pass(301_000);
    expect(look(bench).members).toEqual([
      [false, 'connected'],
      [true, 'connected'],
    ]);
    expect(bench.rds.effects(PRIMARY).map(({ id }) => id)).toEqual(['kept']);
    const lost = bench.rds.lostWithOldWriter().map(({ what }) => what.kind === 'order' && what.id);
    expect(lost).toEqual(['lost', 'dangerous']);
  });
});

describe('a switchover (Aurora guide, "Performing switchovers")', () => {
  const order = (): WireFields => ({ GlobalClusterIdentifier: GLOBAL_ID, TargetDbClusterIdentifier: arns.dr });

  test('loses nothing; nobody can write while it goes on', async () => {
    const bench = new Bench(graph);
    const client = await bench.connect(endpoints.primary);
    await bench.order(client, 'one');
    expect(refusalOf(bench, 'SwitchoverGlobalCluster', order())).toBe('taken');
    await bench.order(client, 'two');
    await bench.pass(3_000);
    expect(await bench.order(client, 'three')).toBe(false);
    await expect(bench.connect(endpoints.primary)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await bench.pass(60_000);
    expect(look(bench)).toEqual({
      status: 'available',
      state: undefined,
      members: [
        [false, 'connected'],
        [true, 'connected'],
      ],
    });
    expect(bench.rds.effects(DR).map(({ id }) => id)).toEqual(['one', 'two']);
    expect(bench.rds.lostWithOldWriter()).toEqual([]);
  });

  test('needs both regions', () => {
    const bench = new Bench(graph);
    bench.rds.faults.loseRegion(DR);
    expect(refusalOf(bench, 'SwitchoverGlobalCluster', order())).toBe('InvalidGlobalClusterStateFault 400');
  });

  test('without AllowDataLoss a failover is one', () => {
    const bench = new Bench(graph);
    expect(refusalOf(bench, 'FailoverGlobalCluster', failover({}), PRIMARY)).toBe('taken');
    expect(look(bench).status).toBe('switching-over');
  });
});

describe('inside one region (Aurora guide, "High availability for Amazon Aurora")', () => {
  test('another instance takes over when the writer fails, with everything that was committed', async () => {
    const bench = new Bench(graph);
    const client = await bench.connect(endpoints.primary);
    await bench.order(client, 'kept');
    const before = bench.rds.server(endpoints.primary, 5432);
    bench.rds.faults.writerFails(PRIMARY);
    await bench.pass(100);
    expect(await bench.order(client, 'refused')).toBe(false);
    await expect(bench.connect(endpoints.primary)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await bench.pass(40_000);
    expect(bench.rds.server(endpoints.primary, 5432)).not.toBe(before);
    expect(await bench.order(await bench.connect(endpoints.primary), 'again')).toBe(true);
    expect(bench.rds.effects(PRIMARY).map(({ id }) => id)).toEqual(['kept', 'again']);
  });

  test('a database that is gone answers nothing until it is back', async () => {
    const bench = new Bench(graph);
    bench.rds.faults.databaseGone(PRIMARY);
    const client = bench.client(endpoints.primary);
    const connected = client.connect();
    const state = { done: false };
    void connected.then(() => {
      state.done = true;
    });
    await bench.pass(60_000);
    expect(state.done).toBe(false);
    bench.rds.faults.databaseBack(PRIMARY);
    // TCP sends its SYN again after 1, 3, 7, 15, 31 and 63 s.
    await bench.pass(5_000);
    expect(state.done).toBe(true);
  });
});

describe('metrics and events', () => {
  test('the uptime of each instance each minute, and the lag where somebody follows', async () => {
    const bench = new Bench(graph);
    await bench.pass(61_000);
    const of = (region: string, name: string) =>
      bench.metrics.filter((datum) => datum.region === region && datum.name === name);
    expect([of(PRIMARY, 'EngineUptime').length, of(DR, 'EngineUptime').length]).toEqual([2, 1]);
    expect(of(PRIMARY, 'AuroraGlobalDBRPOLag')).toEqual([]);
    expect(of(DR, 'AuroraGlobalDBRPOLag')).toMatchObject([
      { namespace: 'AWS/RDS', dimensions: { DBClusterIdentifier: 'aurora-eu-central-2-dev' }, resolution: 60 },
    ]);
    bench.rds.faults.databaseGone(PRIMARY);
    bench.metrics.length = 0;
    await bench.pass(121_000);
    expect(of(PRIMARY, 'EngineUptime')).toEqual([]);
    expect(of(DR, 'EngineUptime')).toHaveLength(2);
  });

  test('a failover is told of with the identifiers that the program listens to', async () => {
    const bench = new Bench(graph);
    bench.call('FailoverGlobalCluster', failover(), DR);
    await bench.pass(600_000);
    expect(bench.events.map(({ event }) => event.detail['EventID'])).toEqual([
      'RDS-EVENT-0390',
      'RDS-EVENT-0238',
      'RDS-EVENT-0397',
      'RDS-EVENT-0240',
      'RDS-EVENT-0241',
    ]);
  });
});
