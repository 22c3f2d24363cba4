import { createAlerts } from '../../../lambda/failover-orchestrator/alerts';
import { createCallLog, createWatch } from '../../../lambda/failover-orchestrator/call-log';
import { createFinish, signalsOf } from '../../../lambda/failover-orchestrator/finish';
import type { RunState } from '../../../lambda/failover-orchestrator/run';
import { createRunReporter } from '../../../lambda/failover-orchestrator/run-reporter';
import { RDSClient, DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import { fakeHttp, queryAnswer, queryError } from './support/fake-http';
import { memoryJournalItems } from './support/memory-journal';
import { after, DR, NOW, observed, OPERATOR, stepped, won } from './support/run';

const DONE = {
  ...after([observed(), won(), stepped('verify')]).state,
  phase: 'ended',
  outcome: 'DONE',
  endedAt: NOW + 3_000,
} as const;
const verified = {
  ...DONE,
  steps: { ...DONE.steps, verify: { status: 'done', attempts: 1, endedAt: NOW + 151_000 } },
} as const;
const REFUSED = after([observed({ maintenance: true })]).state;

describe('the metrics of a run', () => {
  test.each([
    [
      'from the first sign of the fault to the first order that was processed again',
      verified,
      { FailoverDurationSeconds: 191 },
    ],
    ['nothing when no order proved it', DONE, {}],
    ['nothing of a refusal, which is no run', REFUSED, {}],
    ['one failed run when the epoch was given back', { ...DONE, outcome: 'ABORTED' }, { RunsFailed: 1 }],
    ['one failed run when a person has to look', { ...verified, outcome: 'STUCK' }, { RunsFailed: 1 }],
  ] satisfies [string, RunState, object][])('%s', (_, state, values) => {
    expect(signalsOf(state)).toEqual(values);
  });
});

describe('the end of a run', () => {
  function finishing(change: { readonly report?: () => Promise<string>; readonly publish?: () => Promise<void> } = {}) {
    const reports: string[] = [];
    const published: unknown[] = [];
    const { items } = memoryJournalItems();
    const finish = createFinish({
      reporter: { report: change.report ?? (async ({ runId }) => (reports.push(runId), 'key')) },
      signals: { publish: change.publish ?? (async (values, at) => void published.push([values, at])) },
      items,
    });
    return { finish, reports, published };
  }

  test('is reported unless the plan has done so, and published for the moment at which it was', async () => {
    const { finish, reports, published } = finishing();
    await finish({ ...verified, outcome: 'ABORTED' });
    await finish({ ...verified, steps: { ...verified.steps, report: { status: 'done', attempts: 1 } } });
    expect(reports).toEqual(['run-1']);
    expect(published).toEqual([
      [{ RunsFailed: 1 }, NOW + 3_000],
      [{ FailoverDurationSeconds: 191 }, NOW + 3_000],
    ]);
  });

  test('of a refusal is reported once in an episode', async () => {
    const { finish, reports } = finishing();
    await finish(REFUSED);
    await finish({ ...REFUSED, runId: 'run-2' });
    const next = after([observed({ maintenance: true, episode: 'the next one' })]).state;
    await finish({ ...next, runId: 'run-3' });
    expect(reports).toEqual(['run-1', 'run-3']);
  });

  test('of a dry run is nobody’s business', async () => {
    const { finish, reports } = finishing();
    await finish(after([observed()], { dryRun: true, trigger: OPERATOR }).state);
    expect(reports).toEqual([]);
  });

  test.each([
    ['the report', { report: () => Promise.reject(new Error('S3 is gone')) }, 'Error: S3 is gone'],
    ['the metrics', { publish: () => Promise.reject(new Error('CloudWatch is gone')) }, 'Error: CloudWatch is gone'],
  ])('is not finished while %s cannot be written', async (_, change, message) => {
    const { finish, published } = finishing(change);
    await expect(finish({ ...verified, outcome: 'STUCK' })).rejects.toMatchObject({ name: 'FinishError', message });
    if (!('publish' in change)) expect(published).toHaveLength(1);
  });
});

describe('an alert', () => {
  function alerting(publish: (subject: string, text: string) => Promise<void>) {
    const { items, all } = memoryJournalItems();
    return { all, alerts: createAlerts(items, { publish }, { region: DR, environmentSuffix: 'dev', now: () => NOW }) };
  }
  const alert = { key: 'refused:e', subject: 'A failover was refused', text: 'why' };

  test('is sent once per key', async () => {
    const told: string[] = [];
    const { alerts } = alerting(async (subject, text) => void told.push(`${subject}: ${text}`));
    await alerts.send(alert);
    await alerts.send({ ...alert, text: 'again' });
    await alerts.send({ ...alert, key: 'refused:f' });
    expect(told).toEqual(Array.from({ length: 2 }, () => '[dev] eu-central-2: A failover was refused: why'));
  });

  test('that was not sent is not noted, so that the next attempt sends it', async () => {
    let broken = true;
    const { alerts, all } = alerting(() => (broken ? Promise.reject(new Error('gone')) : Promise.resolve()));
    await expect(alerts.send(alert)).rejects.toThrow('gone');
    expect(all.size).toBe(0);
    broken = false;
    await alerts.send(alert);
    expect([...all.values()]).toEqual([
      { pk: 'alert#refused:e', sk: 'alert', subject: alert.subject, text: 'why', sentAt: NOW },
    ]);
  });
});

describe('the log of calls', () => {
  test('has each call of a client with its region, time and outcome', async () => {
    let now = NOW;
    const log = createCallLog(() => (now += 10));
    const { options } = fakeHttp(({ fields }) =>
      fields['DBClusterIdentifier'] === 'good'
        ? queryAnswer('DescribeDBClusters', '')
        : queryError('AccessDenied', 403),
    );
    const client = createWatch(log, { traced: (_, work) => work() })(new RDSClient(options), DR);
    await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'good' }));
    await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'bad' })).catch(() => undefined);
    const call = { call: 'RDSClient.DescribeDBClustersCommand', region: DR, ms: 10 };
    expect(log.sinceDrained()).toHaveLength(2);
    expect(log.drain()).toEqual([
      { ...call, at: NOW + 10, outcome: 'ok' },
      { ...call, at: NOW + 30, outcome: 'AccessDenied' },
    ]);
    expect(log.drain()).toEqual([]);
  });

  test('is reported whole: what the journal has, and what it has not taken yet', async () => {
    const log = createCallLog(() => NOW);
    await log.record('later', DR, async () => undefined);
    const call = (name: string) => ({ at: NOW, call: name, region: DR, ms: 0, outcome: 'ok' });
    const written: unknown[] = [];
    const reporter = createRunReporter(
      {
        history: async () => [
          { revision: 1, owner: 'a', calls: [call('first')] },
          { revision: 2, owner: 'b', calls: [call('second')] },
        ],
      },
      log,
      { write: async (_, calls) => (written.push(...calls), 'key') },
    );
    expect(await reporter.report(DONE)).toBe('key');
    expect(written).toEqual([call('first'), call('second'), call('later')]);
  });
});
