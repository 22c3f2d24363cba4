import { gunzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { canonicalJson } from '../../../lambda/failover-orchestrator/canonical-json';
import { createJournalItems } from '../../../lambda/failover-orchestrator/journal-items';
import {
  reportKey,
  reportOf,
  type RunReport,
  seal,
  type SealedReport,
  verifyChain,
} from '../../../lambda/failover-orchestrator/report';
import { createReportStore } from '../../../lambda/failover-orchestrator/report-store';
import type { RunState } from '../../../lambda/failover-orchestrator/run';
import { gate } from '../support/fakes';
import { fakeHttp, type HttpAnswer } from './support/fake-http';
import { fakeTable } from './support/fake-table';
import { accepted, after, DR, NOW, observed, PRIMARY, stepped, won } from './support/run';

const CALL = { at: NOW, call: 'RDSClient.FailoverGlobalClusterCommand', region: DR, ms: 812, outcome: 'ok' };
const MET = { accepted: { who: 'ada', lossMs: Infinity } };
const ACTING = after(
  [
    observed(),
    won(),
    accepted(),
    stepped('promote'),
    stepped('start-consumers'),
    stepped('open', 'done', NOW + 150_000),
    stepped('verify', 'done', NOW + 151_000),
  ],
  MET,
).state;

describe('a report', () => {
  test('says who decided by what, what was done, and how long it took', () => {
    const report = reportOf(ACTING, [CALL], { number: 7, previousHash: 'abc' }, NOW + 160_000);
    expect(report).toMatchObject({
      form: 1,
      region: DR,
      number: 7,
      previousHash: 'abc',
      runId: 'run-1',
      startedAt: NOW,
      endedAt: NOW + 160_000,
      trigger: { kind: 'alarm' },
      outcome: 'DONE',
      why: 'eu-central-2 is active',
      evidence: { vantage: 'down' },
      accepted: { who: 'ada', lossMs: 'unlimited' },
      epoch: 2,
      faultAt: NOW - 40_000,
      openAfterMs: 190_000,
      recoveredAfterMs: 191_000,
      lossMs: 1_300,
      calls: [CALL],
    });
    expect(report.verdicts).toHaveLength(8);
    expect(report.steps).toContainEqual({
      name: 'open',
      status: 'done',
      attempts: 1,
      startedAt: NOW + 2_000,
      endedAt: NOW + 150_000,
      detail: 'open done',
    });
    expect(report.steps).toHaveLength(11);
  });

  test('of a run that was refused claims no recovery', () => {
    const { state } = after([observed({ maintenance: true })]);
    const report = reportOf(state, [], { number: 1, previousHash: '' }, NOW);
    expect(report).toMatchObject({ outcome: 'REFUSED', why: 'maintenance: maintenance is announced', endedAt: NOW });
    for (const absent of ['epoch', 'faultAt', 'openAfterMs', 'recoveredAfterMs', 'lossMs', 'accepted']) {
      expect(report).not.toHaveProperty(absent);
    }
  });

  test('is stored where time sorts it', () => {
    expect(reportKey(ACTING)).toBe('runs/2026-11-26T03-00-00.000Z-run-1.json');
  });
});

describe('canonical JSON', () => {
  test('is the same for equal values, in whatever order they were made', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'ä"' }], a: undefined, A: true })).toBe(
      '{"A":true,"b":[1,{"c":"ä\\"","d":null}]}',
    );
  });

  test('is JSON, and reading it gives the value back', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
      { numRuns: 200 },
    ));

  test('refuses what JSON cannot hold, because a hash of it would be of something else', () => {
    expect(() => canonicalJson({ lossMs: Infinity })).toThrow('JSON cannot hold Infinity');
  });
});

/** A chain of reports of one region, as it is read back from the bucket. */
function chain(length: number, region = DR): SealedReport[] {
  const sealed: SealedReport[] = [];
  for (let number = 1; number <= length; number += 1) {
    const place = { number, previousHash: sealed.at(-1)?.hash ?? '' };
    sealed.push(seal({ ...reportOf(ACTING, [CALL], place, NOW), region, runId: `run-${number}` }));
  }
  return JSON.parse(JSON.stringify(sealed));
}

/** The same report with something else in it. */
function changed({ hash, report }: SealedReport, change: Partial<RunReport>): SealedReport {
  return { hash, report: { ...report, ...change } };
}

describe('a chain of reports', () => {
  test('holds as it was written, both regions together and in any order', () => {
    const both = [...chain(4), ...chain(3, PRIMARY)].reverse();
    expect(verifyChain(both)).toEqual([]);
    expect(verifyChain(both, { [DR]: chain(4)[3]?.hash ?? '', [PRIMARY]: chain(3, PRIMARY)[2]?.hash ?? '' })).toEqual(
      [],
    );
    expect(verifyChain([])).toEqual([]);
  });

  const content = 'its content is not what the hash was made of';
  const [one, two, three] = chain(3);
  if (!one || !two || !three) throw new Error('a chain of three has three reports');
  test.each([
    [
      'an outcome that was embellished',
      [one, changed(two, { outcome: 'DONE', why: 'all is well' }), three],
      [[2, content]],
    ],
    ['a loss that was made smaller', [one, two, changed(three, { lossMs: 0 })], [[3, content]]],
    ['a call that was left out', [changed(one, { calls: [] }), two, three], [[1, content]]],
    [
      'one that was rewritten with a hash of its own',
      [one, seal({ ...two.report, lossMs: 0 }), three],
      [[3, 'it names another report before it']],
    ],
    ['one that was removed', [one, three], [[3, 'it follows number 1']]],
    ['the first that was removed', [two, three], [[2, 'it follows number 0']]],
    ['one that is there twice', [one, two, two, three], [[2, 'it follows number 2']]],
    ['something that is no report', [one, two, three, { hash: 'x' }], [[3, 'this is no report']]],
  ])('tells of %s', (_, reports, faults) => {
    expect(verifyChain(reports).map(({ number, why }) => [number, why])).toEqual(faults);
  });

  test('tells of newest ones that are missing, by the head in the journal', () => {
    const fault = { region: DR, number: 2, why: 'it is not the newest report that the journal knows' };
    expect(verifyChain([one, two], { [DR]: three.hash })).toEqual([fault]);
    expect(verifyChain([], { [DR]: one.hash })).toEqual([{ ...fault, number: 0 }]);
  });

  test('tells of any change to any report', () =>
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.constantFrom('runId', 'why', 'previousHash', 'region'),
        fc.string({ minLength: 1 }),
        (index, key, value) => {
          const reports = chain(5);
          const report = reports[index];
          if (!report || report.report[key] === value) return;
          reports[index] = changed(report, { [key]: value });
          expect(verifyChain(reports)).not.toEqual([]);
        },
      ),
      { numRuns: 50 },
    ));
});

describe('the report store', () => {
  function store(written: (runId: unknown) => Promise<void> = async () => undefined) {
    const table = fakeTable();
    const real = createJournalItems(table.client, 'journal-dev');
    const items: typeof real = {
      ...real,
      putOnce: async (item) => {
        const isNew = await real.putOnce(item);
        await written(item['runId']);
        return isNew;
      },
    };
    const bucket = new Map<string, string>();
    const s3: { answer?: HttpAnswer } = {};
    const { options, sent } = fakeHttp(({ path, headers, text }) => {
      if (s3.answer) return s3.answer;
      const key = path.slice(1);
      if (headers['if-none-match'] !== '*') throw new Error('a report may not be overwritten');
      if (bucket.has(key)) {
        return { status: 412, body: '<Error><Code>PreconditionFailed</Code><Message>there</Message></Error>' };
      }
      bucket.set(key, text);
      return { body: '' };
    });
    const reports = createReportStore(
      items,
      { dynamodb: table.client, s3: new S3Client(options) },
      { table: 'journal-dev', bucket: 'audit-logs-dev', now: () => NOW },
    );
    const stored = () => [...bucket.values()].map((text): SealedReport => JSON.parse(text.slice(text.indexOf('{'))));
    return { table, bucket, s3, reports, sent, stored };
  }
  const run = (runId: string): RunState => ({ ...ACTING, runId });

  test('writes each report behind the one before it, and the chain holds', async () => {
    const { reports, table, bucket, stored, sent } = store();
    expect(await reports.write(run('a'), [CALL])).toBe('runs/2026-11-26T03-00-00.000Z-a.json');
    await reports.write(run('b'), []);
    await reports.write(run('c'), []);
    expect([...bucket.keys()]).toEqual(['a', 'b', 'c'].map((id) => `runs/2026-11-26T03-00-00.000Z-${id}.json`));
    const head = table.item('report', 'head');
    expect(head).toMatchObject({ number: 3, runId: 'c' });
    expect(verifyChain(stored(), { [DR]: String(head?.['hash']) })).toEqual([]);
    expect(sent[0]?.host).toBe('audit-logs-dev.s3.eu-central-2.amazonaws.com');
  });

  test('writes one report of a run, however often it is asked', async () => {
    const { reports, table, bucket } = store();
    await reports.write(run('a'), []);
    await reports.write({ ...run('a'), why: 'told differently' }, [CALL]);
    expect(bucket.size).toBe(1);
    expect(table.keys()).toEqual(['report|0000000001', 'report|head']);
  });

  test('finishes a report whose object could not be written: the same text, in the same place of the chain', async () => {
    const { reports, s3, table, stored } = store();
    s3.answer = { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' };
    await expect(reports.write(run('a'), [CALL])).rejects.toMatchObject({ name: 'AccessDenied' });
    delete s3.answer;
    await reports.write({ ...run('a'), why: 'told differently' }, []);
    const [written] = stored();
    expect(written?.report).toMatchObject({ number: 1, why: 'eu-central-2 is active', calls: [CALL] });
    const body = Buffer.from(String(table.item('report', '0000000001')?.['body']), 'base64');
    expect(JSON.parse(gunzipSync(body).toString('utf8'))).toEqual(written);
  });

  test('goes on behind a report whose writer died before it moved the head', async () => {
    const { reports, table, stored } = store();
    await reports.write(run('a'), []);
    const head = table.item('report', 'head');
    await reports.write(run('b'), []);
    table.put({ ...head, pk: 'report', sk: 'head' });
    await reports.write(run('b'), []);
    await reports.write(run('c'), []);
    expect(stored().map(({ report }) => `${report.number} ${report.runId}`)).toEqual(['1 a', '2 b', '3 c']);
    expect(verifyChain(stored())).toEqual([]);
  });

  test('gives two that write at once a place each, and the head never goes back', async () => {
    const pause = gate();
    const { reports, stored, table } = store((runId) => (runId === 'slow' ? pause.opened : Promise.resolve()));
    await reports.write(run('first'), []);
    const slow = reports.write(run('slow'), []);
    while (!table.item('report', '0000000002')) await new Promise((resolve) => setImmediate(resolve));
    await reports.write(run('fast'), []);
    pause.open();
    await slow;
    expect(table.item('report', 'head')).toMatchObject({ number: 3, runId: 'fast' });
    expect(verifyChain(stored(), { [DR]: String(table.item('report', 'head')?.['hash']) })).toEqual([]);
  });
});
