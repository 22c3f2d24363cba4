import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';

import { readConfig } from '../../lib/config-read';
import { LEAST, problemsOf } from './config-support';

const ROOT = path.join(__dirname, '../..');
const VARIABLE = 'PULUMI_CONFIG_SECRET_KEYS';

describe('reading the configuration of the running stack', () => {
  beforeAll(async () => {
    await pulumi.runtime.setMocks(
      { newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) },
      'tap',
      'local',
    );
  });

  beforeEach(() => {
    pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(LEAST).map(([key, value]) => [`tap:${key}`, value])));
  });

  afterEach(() => {
    Reflect.deleteProperty(process.env, VARIABLE);
  });

  test('takes values, project and stack from Pulumi', () => {
    pulumi.runtime.setConfig('tap:databaseHost', '127.0.0.1');
    expect(readConfig()).toMatchObject({ domain: 'example.com', databaseHost: '127.0.0.1' });
  });

  test('does not repeat what the operator set with --secret', () => {
    pulumi.runtime.setConfig('tap:author', 'hunter2|');
    process.env[VARIABLE] = '["tap:author"]';
    expect(problemsOf(readConfig)).toEqual([
      'tap:author is wrong (value not shown). Allowed: 1 to 256 letters, digits, spaces and _ . : / = + - @. Set it: pulumi config set tap:author platform-engineering',
    ]);
  });
});

test('nothing else reads Pulumi configuration, so that the schema lists all that an operator may set', () => {
  const sources = ['bin', 'lib', 'analysis', 'ops'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(folder, file)),
  );
  const readers = sources.filter((file) =>
    /new pulumi\.Config\b|runtime\.(allConfig|getConfig)\b|new Config\(/.test(
      readFileSync(path.join(ROOT, file), 'utf8'),
    ),
  );
  expect(readers).toEqual(['lib/config-read.ts']);
});

test('the schema and its checks load without Pulumi, so that their tests take milliseconds', () => {
  const files = readdirSync(path.join(ROOT, 'lib/config'), { recursive: true, encoding: 'utf8' });
  const importers = files
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => readFileSync(path.join(ROOT, 'lib/config', file), 'utf8').includes('@pulumi/'));
  expect(importers).toEqual([]);
});
