import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { WireFields } from '../../../rehearsal/aws/service';
import { masked } from './support/masked';
import { openStage } from './support/opened';
import { CHANGES, Scene } from './support/scene';

const opened = openStage();

describe('status', () => {
  test('shows who is active and what is the matter on one screen, and changes nothing', async () => {
    const before = opened.healthy.calls.length;
    const typed = await opened.healthy.tap('status');
    expect(typed).toMatchObject({ code: 0, err: '' });
    expect(masked(typed.out)).toBe(
      [
        'Stack dev, TIME',
        '  active     eu-central-1 (primary), epoch 1',
        '  lease      for another T, renewed WHEN',
        '  registers  3 of 3 answer',
        '  traffic    meant for eu-central-1 (primary); clients reach eu-central-1 (primary): 200 VALID_TRADING_DATA',
        '',
        'eu-central-1 (primary), active',
        '  health     200 VALID_TRADING_DATA',
        '  database   writer; the global database is available',
        '  lag        none: it has the writer',
        '  readiness  ready, looked at WHEN',
        '  alarms     none is red',
        '  orders     orders are in the database up to WHEN, payments up to WHEN',
        '  last run   none',
        '',
        'eu-central-2 (dr)',
        '  health     200 VALID_TRADING_DATA',
        '  database   reader; the writer is in eu-central-1; the global database is available',
        '  lag        T behind, calculated WHEN',
        '  readiness  ready, looked at WHEN',
        '  alarms     none is red',
        '  orders     never looked through here',
        '  last run   none',
        '',
      ].join('\n'),
    );
    // One screen: 24 lines of at most 120 characters.
    expect(typed.out.split('\n').every((line) => line.length <= 120)).toBe(true);
    const made = opened.healthy.calls.slice(before).filter(({ by }) => by.startsWith('terminal'));
    expect(made.filter(({ operation, result }) => CHANGES.has(operation) || result !== 'ok')).toEqual([]);
  });

  test.each(['dark', 'cut-off', 'half-open'] as const)(
    'with primary %s it is there within 10 seconds, and says what could not be read',
    async (how) => {
      const scene = await Scene.open(opened.stage);
      scene.break({ kind: 'region-lost', region: 'primary', how });
      await scene.pass(20_000);
      const typed = await scene.tap('status');
      expect(typed.code).toBe(0);
      expect(typed.tookMs).toBeLessThanOrEqual(10_000);
      const text = masked(typed.out);
      expect(text).toContain('  active     eu-central-1 (primary), epoch 1');
      expect(text).toContain('  registers  2 of 3 answer; eu-central-1: no answer');
      expect(text).toMatch(/^eu-central-1 \(primary\), active {2}does not answer: no answer/m);
      expect(text).toContain('  database   reader; the writer is in eu-central-1');
    },
  );

  test('with primary dark for long it still fits the screen: readiness is a count, a few names and what shows all', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'function-broken', region: 'dr', function: 'primary-probe' }, 900);
    scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
    await scene.pass(400_000);
    const typed = await scene.tap('status');
    expect(typed.out.split('\n').filter((line) => line.length > 110)).toEqual([]);
    const [first = '', ...others] = readinessRow(typed.out);
    expect(first).toMatch(/^ {2}readiness {2}nothing blocks: \d+(\.\d)? % ok, \d+ red \([a-z-]+(, [a-z-]+){0,2}/);
    expect([first, ...others].join(' ').replaceAll(/\s+/g, ' ')).toMatch(
      /\d+ unknown; looked at .* ago; all: npx tap status --readiness$/,
    );
    expect(others.length).toBeLessThanOrEqual(1);

    const all = await scene.tap('status --region dr --readiness');
    expect(all.out.split('\n').filter((line) => line.length > 110)).toEqual([]);
    const item = z
      .object({ regions: z.tuple([z.object({ readiness: z.object({ value: readinessForm }) })]) })
      .parse(JSON.parse((await scene.tap('status --region dr --json')).out)).regions[0].readiness.value;
    const told = all.out.replaceAll(/\s+/g, ' ');
    expect(item.warnings.length).toBeGreaterThan(5);
    for (const found of [...item.blockers, ...item.warnings]) expect(told).toContain(found.replaceAll(/\s+/g, ' '));
    for (const { id, state } of item.checks) expect(told.includes(`${id} (`)).toBe(state !== 'ok');
  });

  test('with dr lost everything about primary is there', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'region-lost', region: 'dr', how: 'dark' });
    await scene.pass(20_000);
    const typed = await scene.tap('status');
    expect(typed.code).toBe(0);
    expect(typed.tookMs).toBeLessThanOrEqual(10_000);
    expect(typed.out).toMatch(/^eu-central-2 \(dr\) {2}does not answer/m);
    expect(typed.out).toContain('  readiness  ready');
  });

  test('one service that is down costs its own line', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'service', region: 'dr', service: 'cloudwatch', effect: 'unavailable' });
    scene.break({ kind: 'service', region: 'dr', service: 'rds', effect: 'silent' });
    const typed = await scene.tap('status --region dr');
    expect(typed.code).toBe(0);
    expect(typed.tookMs).toBeLessThanOrEqual(10_000);
    expect(masked(typed.out)).toContain('  alarms     not known: InternalFailure: The service is unavailable');
    expect(typed.out).toContain('  database   not known: no answer');
    expect(typed.out).toContain('  readiness  ready');
    expect(typed.out).not.toContain('last run   not known');
  });

  test('a failover by the alarm is told while it goes on and afterwards, with the alarms that are red', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
    await scene.pass(90_000);
    expect(masked((await scene.tap('status')).out)).toContain(
      'A run goes on in eu-central-2: npx tap resume shows how it gets on',
    );
    await scene.pass(300_000);
    const text = masked((await scene.tap('status')).out);
    expect(text).toContain('  active     eu-central-2 (dr), epoch 2');
    expect(text).toContain('clients reach eu-central-2 (dr): 200 VALID_TRADING_DATA');
    expect(text).toContain('failover-trigger-dev (T)');
    expect(text).toMatch(/^ {2}last run {3}run ID in eu-central-2, by the alarm, TIME:\s+done, after T/m);
  });

  test('without a majority of the registers nobody knows who is active, and the exit code says so', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
    scene.break({ kind: 'region-lost', region: 'witness', how: 'dark' });
    const typed = await scene.tap('status');
    expect(typed.code).toBe(4);
    expect(typed.out).toContain('  active     not known: only 1 of 3 registers answer (eu-central-1: no answer');
    const forced = await scene.tap('failover', { types: ['dev'] });
    expect(forced.code).toBe(4);
    expect(forced.err).toContain('Say which one to make active: --to eu-central-2 (dr) or --to eu-central-1 (primary)');
  });

  test('expired credentials are told once, below an empty screen', async () => {
    const scene = await Scene.open(opened.stage);
    scene.credentials = 'expired';
    const typed = await scene.tap('status');
    expect(typed.code).toBe(4);
    expect(typed.out.trimEnd().split('\n').at(-1)).toBe(
      'the AWS credentials have expired: log in again (aws sso login), or take the role again',
    );
  });

  test('--json is one document with the same, and no colours anywhere; a terminal has colours unless NO_COLOR is set', async () => {
    const typed = await opened.healthy.tap('status --json', { env: {} });
    expect(JSON.parse(typed.out)).toMatchObject({
      stack: 'dev',
      registers: { ownership: { kind: 'owned', activeRegion: 'eu-central-1', epoch: 1 } },
      regions: [{ region: 'eu-central-1' }, { region: 'eu-central-2', lag: { ok: true, value: { kind: 'follows' } } }],
    });
    const escape = '\u001b[';
    expect((await opened.healthy.tap('status', { env: {} })).out).toContain(`${escape}32m`);
    for (const plain of [{ env: { NO_COLOR: '1' } }, { env: { TERM: 'dumb' } }, { env: {}, isTerminal: false }]) {
      expect((await opened.healthy.tap('status', plain)).out).not.toContain(escape);
    }
  });

  test('another region than the stack’s is refused with those that there are', async () => {
    expect(await opened.healthy.tap('status --region eu-west-1')).toMatchObject({
      code: 2,
      calls: [],
      err: "tap: --region eu-west-1 is not allowed: the stack's regions are eu-central-1 (primary) and eu-central-2 (dr)\n",
    });
  });
});

const readinessForm = z.object({
  blockers: z.array(z.string()),
  warnings: z.array(z.string()),
  checks: z.array(z.object({ id: z.string(), state: z.string() })),
});

/** The row of dr's readiness, with the lines that it goes on in. */
function readinessRow(screen: string): readonly string[] {
  const lines = screen.split('\n');
  const from = lines.findIndex((line) => line.startsWith('  readiness '));
  const length = lines.slice(from + 1).findIndex((line) => !line.startsWith(' '.repeat(13)));
  return lines.slice(from, from + 1 + length);
}

describe('evidence', () => {
  let failedOver: Scene;
  beforeAll(async () => {
    failedOver = await Scene.open(opened.stage);
    expect((await failedOver.tap('failover', { types: ['dev'] })).code).toBe(0);
  });

  test('holds before the first run', async () => {
    expect(await opened.healthy.tap('evidence')).toMatchObject({
      code: 0,
      out: 'eu-central-1 (primary): 0 reports, no run has ended yet\neu-central-2 (dr): 0 reports, no run has ended yet\n',
    });
  });

  test('is the chain of the journal, compared with the objects in the bucket', async () => {
    const typed = await failedOver.tap('evidence');
    expect(typed.code).toBe(0);
    expect(masked(typed.out)).toBe(
      [
        'eu-central-1 (primary): 0 reports, no run has ended yet',
        'eu-central-2 (dr): 1 report, the chain holds; 1 of 1 objects in the bucket compared',
        '  1  TIME  run ID by ann@laptop: DONE after T (eu-central-2 is active); epoch 2, estimated loss T',
        '',
      ].join('\n'),
    );
    const runId = /run ([0-9a-f-]{36})/.exec(typed.out)?.[1] ?? '';
    expect((await failedOver.tap(`evidence ${runId}`)).code).toBe(0);
    // AWS was asked, and the proof that was wanted is not there: that is no matter of the command line.
    const nobody = await failedOver.tap('evidence nobody');
    expect(nobody.code).toBe(1);
    expect(nobody.out).toContain('There is no report of run nobody: npx tap evidence lists those that there are.\n');
    expect(JSON.parse((await failedOver.tap('evidence nobody --json')).out)).toMatchObject({ unknownRun: 'nobody' });
  });

  test.each([
    ['a report whose words were changed', 'its content is not what the hash was made of'],
    ['a report that was taken away', 'it is not the newest report that the journal knows'],
    ['an object that is not what the journal holds', 'is not what the journal holds'],
    ['an object that was deleted from the bucket', 'is missing'],
  ])('%s is named, with exit code 1', async (what, told) => {
    const scene = await Scene.open(opened.stage);
    await scene.tap('failover', { types: ['dev'] });
    forge(scene, what);
    const typed = await scene.tap('evidence --region dr');
    expect(typed.code).toBe(1);
    expect(typed.out).toContain(told);
  });

  test('an object that may not be read is no proof and no fault: exit code 4, and never 0', async () => {
    const scene = await Scene.open(opened.stage);
    await scene.tap('failover', { types: ['dev'] });
    scene.break({ kind: 'service', region: 'dr', service: 's3', operations: ['GetObject'], effect: 'throttled' });
    const typed = await scene.tap('evidence');
    expect(typed.code).toBe(4);
    expect(typed.out).toMatch(
      /the chain holds; 0 of 1 objects in the bucket compared\n {2}not compared: s3:.*too many/,
    );
    expect(typed.out).toContain('Not everything could be read: this is no proof.');
    // A fault that is certain outweighs what could not be read.
    forge(scene, 'a report that was taken away');
    expect((await scene.tap('evidence')).code).toBe(1);
  });

  test('a region that does not answer is no proof and no fault', async () => {
    const scene = await Scene.open(opened.stage);
    scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
    const typed = await scene.tap('evidence');
    expect(typed.code).toBe(4);
    expect(typed.out).toContain('eu-central-1 (primary): not known: no answer');
    const unknown = await scene.tap('evidence nobody');
    expect(unknown.code).toBe(4);
    expect(unknown.out).toContain('It is not known whether there is a report of run nobody: a region does not answer.');
  });
});

/** Changes what the journal or the bucket of dr holds, as somebody with an administrator's rights could. */
function forge(scene: Scene, what: string): void {
  const { dynamodb, s3 } = scene.world;
  const region = scene.dr;
  const caller = { principal: 'administrator', from: region, name: 'administrator' };
  const journal = (operation: string, input: WireFields): WireFields => {
    let output: WireFields = {};
    dynamodb.handle(
      { service: 'dynamodb', operation, region, input: { TableName: 'journal-dev', ...input }, caller },
      (answer) => {
        if (!answer.ok) throw new Error(answer.error.message);
        ({ output } = answer);
      },
    );
    return output;
  };
  const Key = { pk: { S: 'report' }, sk: { S: '0000000001' } };
  const item = itemForm.parse(journal('GetItem', { Key })['Item']);
  const text = gunzipSync(Buffer.from(item.body.B, 'base64')).toString('utf8');
  const bucket = String(opened.stage.graph.outputs['drAuditLogsBucket']);
  if (what.includes('taken away')) journal('DeleteItem', { Key });
  else if (what.includes('deleted')) s3.erase(region, bucket, item.key.S);
  else if (what.includes('words')) {
    const other = gzipSync(text.replaceAll('ann@laptop', 'bob@laptop')).toString('base64');
    journal('PutItem', { Item: { ...item, body: { B: other } } });
  } else {
    const input = { Bucket: bucket, Key: item.key.S, Body: text.replaceAll('ann@laptop', 'bob@laptop') };
    s3.handle({ service: 's3', operation: 'PutObject', region, input, caller }, () => undefined);
  }
}

const textForm = z.object({ S: z.string() });
const itemForm = z.looseObject({
  pk: textForm,
  sk: textForm,
  number: z.object({ N: z.string() }),
  hash: textForm,
  runId: textForm,
  key: textForm,
  body: z.object({ B: z.string() }),
});
