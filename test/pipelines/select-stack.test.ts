import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { readStack } from '../../analysis/graph/stack-files';
import { selectStack } from '../../ops/pipeline/select-stack';
import { pullRequestOf } from '../../ops/pipeline/stack-name';
import { stateProblems } from '../../ops/pipeline/state-location';
import { FakeShell, failed } from './fake-shell';
import { ROOT } from './workflow-files';

const BACKEND = 's3://state-bucket?region=eu-west-1&awssdk=v2';
const KEY = 'awskms://alias/pulumi-state?region=eu-west-1';
const environment = { PULUMI_BACKEND_URL: BACKEND, PULUMI_SECRETS_PROVIDER: KEY };
const regions = { primaryRegion: 'eu-central-1', drRegion: 'eu-central-2' };

describe('the stack of a pull request is known by its name', () => {
  test('pr-NUMBER, and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (number) => {
        expect(pullRequestOf(`pr-${number}`)).toBe(number);
      }),
    );
  });

  test.each([
    'pr',
    'pr-',
    'pr-0',
    'pr-012',
    'pr-1-x',
    'xpr-1',
    'pr-1\n',
    'pr--1',
    'pr-1e3',
    'PR-1',
    'dev',
    'pr-12345678901',
  ])('%j is none: it may be anybody else’s', (name) => {
    expect(pullRequestOf(name)).toBeUndefined();
  });
});

describe('the state is where the loss of one region of the stack leaves it', () => {
  test('a third region is right', () => {
    expect(stateProblems({ backendUrl: BACKEND, secretsProvider: KEY, ...regions })).toEqual([]);
  });

  test.each([
    ['eu-central-1', 'primary'],
    ['eu-central-2', 'dr'],
  ])('%s is not: it is %s, and each of the two is named', (region, role) => {
    const moved = (url: string): string => url.replace('eu-west-1', region);
    const wrong = stateProblems({ backendUrl: moved(BACKEND), secretsProvider: moved(KEY), ...regions });
    expect(wrong).toEqual([
      expect.stringContaining(`PULUMI_BACKEND_URL is in ${region}, which is this stack's ${role}`),
      expect.stringContaining(`PULUMI_SECRETS_PROVIDER is in ${region}, which is this stack's ${role}`),
    ]);
  });

  test.each([
    ['nothing', undefined, 'PULUMI_BACKEND_URL is not set; wanted is s3://BUCKET?region=REGION&awssdk=v2'],
    ['an empty variable', '', 'PULUMI_BACKEND_URL is not set'],
    [
      'the local default, which a runner forgets',
      'file://./.pulumi-state',
      'PULUMI_BACKEND_URL is file://./.pulumi-state; wanted is s3',
    ],
    ['no region', 's3://state-bucket', 'names no region'],
    ['no URL', 'state-bucket', 'which is no URL'],
  ])('%s is refused as a backend, with what is wanted', (_, backendUrl, message) => {
    expect(stateProblems({ backendUrl, secretsProvider: KEY, ...regions })).toEqual([expect.stringContaining(message)]);
  });

  test('a passphrase is refused: it would be a secret for ever', () => {
    expect(stateProblems({ backendUrl: BACKEND, secretsProvider: 'passphrase', ...regions })).toEqual([
      'PULUMI_SECRETS_PROVIDER is passphrase, which is no URL; wanted is awskms://alias/NAME?region=REGION',
    ]);
  });
});

describe('selecting a stack', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'stacks-'));
    for (const file of readdirSync(ROOT).filter((name) => /^Pulumi\..*yaml$/.test(name))) {
      cpSync(path.join(ROOT, file), path.join(root, file));
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const files = (): readonly string[] => readdirSync(root).sort();
  const select = 'pulumi stack select';

  test("makes a pull request's from the template, with its suffix and the key of its secrets", async () => {
    const shell = new FakeShell([select, '']);
    await selectStack('pr-12', { shell, environment, root });
    const { config } = readStack(root, 'pr-12');
    expect(config).toEqual({ ...readStack(root, 'pr').config, 'tap:environmentSuffix': 'pr-12' });
    expect(readFileSync(path.join(root, 'Pulumi.pr-12.yaml'), 'utf8')).toContain(`secretsprovider: ${KEY}\n`);
    expect(shell.ran).toEqual([`pulumi stack select pr-12 --create --secrets-provider ${KEY} --non-interactive`]);
  });

  test('leaves the template as it is, with its comments, for the next one', async () => {
    const before = readFileSync(path.join(root, 'Pulumi.pr.yaml'), 'utf8');
    await selectStack('pr-12', { shell: new FakeShell([select, '']), environment, root });
    expect(readFileSync(path.join(root, 'Pulumi.pr.yaml'), 'utf8')).toBe(before);
    expect(readFileSync(path.join(root, 'Pulumi.pr-12.yaml'), 'utf8')).toContain('# No NAT gateway');
  });

  test('says of a lasting stack who encrypts, and changes nothing else of it, however often', async () => {
    const before = readStack(root, 'dev');
    const ports = { shell: new FakeShell([select, '']), environment, root };
    await selectStack('dev', ports);
    const once = readFileSync(path.join(root, 'Pulumi.dev.yaml'), 'utf8');
    await selectStack('dev', ports);
    expect(readFileSync(path.join(root, 'Pulumi.dev.yaml'), 'utf8')).toBe(once);
    expect(once).toContain(`secretsprovider: ${KEY}\n`);
    expect(readStack(root, 'dev')).toEqual(before);
  });

  test('writes and creates nothing when the state would be in a region of this very stack', async () => {
    const [shell, before] = [new FakeShell(), files()];
    const there = { PULUMI_BACKEND_URL: BACKEND.replace('eu-west-1', 'us-east-1'), PULUMI_SECRETS_PROVIDER: KEY };
    await expect(selectStack('us', { shell, environment: there, root })).rejects.toThrow(
      /state is not right for stack us:\n {2}PULUMI_BACKEND_URL is in us-east-1, which is this stack's primary/,
    );
    // The same place is right for a stack of other regions.
    await selectStack('dev', { shell: new FakeShell([select, '']), environment: there, root });
    expect([shell.ran, files()]).toEqual([[], before]);
  });

  test('a name without a file is refused with the names there are', async () => {
    await expect(selectStack('prod', { shell: new FakeShell(), environment, root })).rejects.toThrow(
      'there is no Pulumi.prod.yaml; stacks with a file: dev, local, pr, us',
    );
  });

  test('a backend that does not answer is an error with its words', async () => {
    const shell = new FakeShell([select, failed('AccessDenied: s3:GetObject')]);
    await expect(selectStack('pr-12', { shell, environment, root })).rejects.toThrow('AccessDenied: s3:GetObject');
  });
});
