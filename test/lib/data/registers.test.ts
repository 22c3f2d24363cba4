import { Registers } from '../../../lib/data/registers';
import { evaluate } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { keyIn, REGION, reachBoth } from '../services/two-regions';

const TABLE = 'aws:dynamodb/table:Table';

const evaluateRegisters = (witnessRegion: string): Promise<Graph> =>
  evaluate(() => {
    const { settings, tableArns } = new Registers(
      'registers',
      {
        environmentSuffix: 'test',
        primaryRegion: REGION.primary,
        drRegion: REGION.dr,
        witnessRegion,
        leaseSeconds: 60,
        regions: reachBoth(),
        keys: { primary: { keyArn: keyIn('primary') }, dr: { keyArn: keyIn('dr') } },
      },
      {},
    );
    return { ...settings, arns: [...tableArns] };
  });

test('one plain table of the same name in each of three regions, two of which decide (X4)', async () => {
  const graph = await evaluateRegisters('eu-west-1');
  const tables = graph.all(TABLE);
  expect(tables.map(({ name, region, inputs }) => [name, region, inputs['name']])).toEqual([
    ['registers-primary-table', 'eu-central-1', 'register-test'],
    ['registers-dr-table', 'eu-central-2', 'register-test'],
    ['registers-witness-table', 'eu-west-1', 'register-test'],
  ]);
  for (const { inputs } of tables) {
    // In a global table the last writer wins by time, and a healed partition would undo a failover.
    expect(inputs).not.toHaveProperty('replicas');
    // A restored register would let a region write that has lost the right to.
    expect(inputs).toMatchObject({ hashKey: 'pk', pointInTimeRecovery: { enabled: false } });
  }
});

test('the two regions encrypt with their own key, the witness with AWS’s: no key of ours exists there (D8)', async () => {
  const graph = await evaluateRegisters('eu-west-1');
  expect(graph.all(TABLE).map(({ inputs }) => inputs['serverSideEncryption'])).toEqual([
    { enabled: true, kmsKeyArn: keyIn('primary') },
    { enabled: true, kmsKeyArn: keyIn('dr') },
    { enabled: true },
  ]);
});

test('the witness is tagged as what it is, not as dr’s (N6)', async () => {
  const graph = await evaluateRegisters('eu-west-1');
  const witness = graph.one(TABLE, 'registers-witness-table');
  expect(witness.inputs['tags']).toEqual({ Region: 'eu-west-1', 'DR-Role': 'witness' });
  expect(witness.provider?.split('::').at(-1)).toBe('dr');
});

test('without a witness there are two tables, and functions are told so', async () => {
  const graph = await evaluateRegisters('none');
  expect(graph.all(TABLE)).toHaveLength(2);
  expect(graph.outputs).toMatchObject({ WITNESS_REGION: 'none', PRIMARY_REGION: 'eu-central-1', LEASE_SECONDS: '60' });
});
