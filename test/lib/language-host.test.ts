import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { ROOT } from '../../lib/bundles';
import { runThroughHost } from '../support/engine';
import type { MonitorOptions } from '../../analysis/graph/monitor';

describe('the program under the runner that pulumi up uses', () => {
  test('registers exactly what the in-process evaluation sees, straight from the sources', async () => {
    const [host, graph] = [await runThroughHost('dev'), await evaluateStack('dev')];
    expect(host.errors).toEqual([]);
    expect(host.exitCode).toBe(0);
    expect(host.graph.resources.map(({ urn }) => urn).sort()).toEqual(graph.resources.map(({ urn }) => urn).sort());
    expect(Object.keys(host.graph.outputs).sort()).toEqual(Object.keys(graph.outputs).sort());
  }, 180_000);

  test('a secret without its replica in dr stops everything before anything is created, and says how to add it (N9)', async () => {
    const missingInDr: MonitorOptions['lookups'][string] = (args, region) => {
      if (region === 'eu-central-2') throw new Error("couldn't find resource");
      return { ...args, arn: `arn:aws:secretsmanager:${region}:123456789012:secret:trading/database-AbCdEf` };
    };
    const lookups = { 'aws:secretsmanager/getSecret:getSecret': missingInDr };

    const { errors, exitCode, graph } = await runThroughHost('dev', { lookups, overrides: { trading: 'false' } });

    expect(exitCode).not.toBe(0);
    expect(errors.join('\n')).toContain('databaseSecretName "trading/database": cannot be read in eu-central-2 (dr)');
    expect(errors.join('\n')).toContain(
      'aws secretsmanager replicate-secret-to-regions --secret-id trading/database --add-replica-regions Region=eu-central-2 --region eu-central-1',
    );
    expect(graph.created).toEqual([]);
  }, 180_000);

  test('a secret that RDS would not take stops everything before anything is created, and is not repeated (N9)', async () => {
    const malformed: MonitorOptions['lookups'][string] = (args) => ({
      ...args,
      secretString: JSON.stringify({ username: 'trading', password: 'hunter2/hunter2' }),
    });
    const lookups = { 'aws:secretsmanager/getSecretVersion:getSecretVersion': malformed };

    const { errors, exitCode, graph } = await runThroughHost('dev', { lookups, overrides: { trading: 'false' } });

    expect(exitCode).not.toBe(0);
    expect(errors.join('\n')).toContain(
      'databaseSecretName "trading/database" in eu-central-1 (primary): password has a character that RDS refuses',
    );
    expect(errors.join('\n')).toContain('aws secretsmanager put-secret-value --region eu-central-1');
    expect(errors.join('\n')).not.toContain('hunter2');
    expect(graph.created).toEqual([]);
  }, 180_000);

  test('a bound of the lag on a database that nobody follows stops everything before anything is created (D3)', async () => {
    const alone = () => ({ members: [{ dbClusterArn: 'arn:aws:rds:eu-central-1:1:cluster:one', isWriter: true }] });
    const lookups = { 'aws:rds/getGlobalCluster:getGlobalCluster': alone };
    const overrides = { trading: 'false', rpoEnforcementSeconds: '60' };

    const { errors, exitCode, graph } = await runThroughHost('dev', { lookups, overrides });

    expect(exitCode).not.toBe(0);
    expect(errors.join('\n')).toContain('rpoEnforcementSeconds is 60, and no cluster is known to follow the database');
    expect(graph.created).toEqual([]);
  }, 180_000);

  test('a forgotten build is an error that says what to do, and nothing is asked of AWS', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'unbuilt-'));
    try {
      const skip = /(^|\/)(node_modules|dist|\.git|test|coverage)$/;
      await cp(ROOT, root, { recursive: true, filter: (source) => !skip.test(source) });
      await symlink(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
      const { errors, exitCode, graph } = await runThroughHost('dev', { root });
      expect(exitCode).not.toBe(0);
      expect(errors.join('\n')).toContain('there is no dist/manifest.json: run "npm run build" first');
      expect(graph.created).toEqual([]);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }, 180_000);
});
