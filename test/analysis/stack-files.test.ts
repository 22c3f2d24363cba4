import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readStack } from '../../analysis/graph/stack-files';
import { ConfigError, parseConfig } from '../../lib/config/parse';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'stacks-'));
  writeFileSync(
    path.join(root, 'Pulumi.yaml'),
    'name: tap\nconfig:\n  failoverMode: { type: string, default: automatic }\n',
  );
});
afterEach(() => rmSync(root, { recursive: true }));

function configOf(yaml: string): Readonly<Record<string, string>> {
  writeFileSync(path.join(root, 'Pulumi.dev.yaml'), yaml);
  return readStack(root, 'dev').config;
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  throw new Error('it was accepted');
}

test('every value becomes the text that Pulumi hands to the program', () => {
  const yaml = [
    'config:',
    '  tap:domain: example.com',
    '  tap:rtoSeconds: 0300',
    '  trading: false',
    '  tap:alertEmails: [a@example.com]',
    '  tap:tags: { Team: payments }',
    '  tap:repository:',
    '  aws:assumeRole: { roleArn: some-role }',
    '  pulumi:tags: { owner: me }',
  ].join('\n');
  expect(configOf(yaml)).toEqual({
    'tap:failoverMode': 'automatic',
    'tap:domain': 'example.com',
    'tap:rtoSeconds': '0300',
    'tap:trading': 'false',
    'tap:alertEmails': '["a@example.com"]',
    'tap:tags': '{"Team":"payments"}',
    'tap:repository': '',
    'aws:assumeRole': '{"roleArn":"some-role"}',
    'pulumi:tags': '{"owner":"me"}',
  });
});

test('what the values mean is judged by the schema: key, value, what is allowed', () => {
  const config = configOf('config:\n  tap:tags: { Team: payments }\n  tap:domain:\n');
  const judge = () => parseConfig(config, { project: 'tap', stack: 'dev' });
  expect(judge).toThrow(ConfigError);
  expect(refusal(judge)).toMatch(/tap:tags is \{"Team":"payments"\}.*Allowed: up to 3 of Key=Value/);
  expect(refusal(judge)).toMatch(/tap:domain is not set\. Allowed: a domain name/);
});

test.each([
  ['a value', 'config:\n  tap:domain: { secure: v1:abc }'],
  ['an item of a list', 'config:\n  tap:domain:\n    - secure: v1:abc'],
])('%s that only Pulumi can decrypt is named, and not shown', (_, yaml) => {
  const told = refusal(() => configOf(yaml));
  expect(told).toMatch(/Pulumi\.dev\.yaml: only Pulumi can read tap:domain, which is encrypted/);
  expect(told).not.toContain('v1:abc');
});

test('a secret of another namespace is its reader’s business', () => {
  expect(configOf('config:\n  aws:secretKey: { secure: v1:abc }')).not.toHaveProperty('aws:secretKey');
});

test.each([
  ['no YAML', 'config:\n  tap:domain: "x', /Error: Pulumi\.dev\.yaml is not YAML: /],
  ['a list of settings', 'config:\n  - tap:domain', /Error: Pulumi\.dev\.yaml: config is no map of keys to values/],
])('a file with %s is named', (_, yaml, told) => {
  expect(refusal(() => configOf(yaml))).toMatch(told);
});

test.each(['', 'encryptionsalt: v1:abc\n', 'config:\n'])(
  'a file without settings (%j) leaves what Pulumi.yaml says',
  (yaml) => {
    expect(configOf(yaml)).toEqual({ 'tap:failoverMode': 'automatic' });
  },
);
