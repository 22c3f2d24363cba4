import {
  ChangeResourceRecordSetsCommand,
  InvalidChangeBatch,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { createRecordChange } from '../../../lambda/failover-orchestrator/steps/record-change';
import type { Answer, Call } from '../../../rehearsal/aws/service';
import { route53Rest } from '../../../rehearsal/wire/rest';
import type { WireRequest } from '../../../rehearsal/wire/wire';
import { accepted, after, observed, won } from '../../lambda/failover-orchestrator/support/run';
import { Bench, changeCall, failover, graphOf, record, upsert, START } from './support';

const ACTIVE = 'active.example.com';
const graph = graphOf(
  record(ACTIVE, { type: 'TXT', ttl: 60, records: ['eu-central-1 epoch=1'] }),
  failover('vantage.example.com', 'PRIMARY', { type: 'TXT', ttl: 5, records: ['up'] }),
  failover('vantage.example.com', 'SECONDARY', { type: 'TXT', ttl: 5, records: ['down'] }),
);

function answerOf({ route53 }: Bench, call: Call): Answer {
  const answers: Answer[] = [];
  route53.handle(call, (answer) => answers.push(answer));
  expect(answers).toHaveLength(1);
  return answers[0] ?? { ok: true, output: {} };
}

const textOf = ({ route53 }: Bench): readonly string[] | undefined => route53.texts(ACTIVE)?.values;

describe('ChangeResourceRecordSets (Route 53 API reference)', () => {
  const nature = { changeDelayMs: { least: 30_000, most: 60_000 } };

  it('is pending at once and reaches the name servers within a minute', async () => {
    const bench = new Bench(graph, { nature });
    const answer = answerOf(bench, upsert(ACTIVE, '"eu-central-2 epoch=2"'));
    expect(answer).toEqual({
      ok: true,
      output: {
        ChangeInfo: {
          Id: expect.stringMatching(/^\/change\/C[0-9A-Z]{13}$/),
          Status: 'PENDING',
          SubmittedAt: new Date(START),
        },
      },
    });
    await bench.until(29);
    expect(textOf(bench)).toEqual(['eu-central-1 epoch=1']);
    await bench.until(60);
    expect(bench.route53.texts(ACTIVE)).toEqual({ values: ['eu-central-2 epoch=2'], ttlSeconds: 60 });
    expect(bench.answers).toMatchObject([{ name: ACTIVE, values: ['eu-central-2 epoch=2'] }]);
  });

  it('ends with the last of several changes, whatever each one takes', async () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const bench = new Bench(graph, { nature, seed });
      for (const epoch of [2, 3, 4]) answerOf(bench, upsert(ACTIVE, `"epoch=${epoch}"`));
      await bench.until(61);
      expect(textOf(bench)).toEqual(['epoch=4']);
    }
  });

  it('refuses an unknown zone, a text without quotation marks, and a simple record beside failover records', () => {
    const bench = new Bench(graph);
    const refusals = [upsert(ACTIVE, '"x"', 'ZOTHER'), upsert(ACTIVE, 'x'), upsert('vantage.example.com', '"up"')].map(
      (call) => answerOf(bench, call),
    );
    expect(refusals).toMatchObject([
      { ok: false, error: { code: 'NoSuchHostedZone', status: 404 } },
      {
        ok: false,
        error: { code: 'InvalidChangeBatch', status: 400, message: expect.stringContaining('quotation marks') },
      },
      { ok: false, error: { code: 'InvalidChangeBatch', status: 400 } },
    ]);
  });

  it('does all changes of a batch or none', async () => {
    const bench = new Bench(graph);
    const set = (Value: string): object => ({ Name: ACTIVE, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value }] });
    const Changes = ['"good"', 'bad'].map((value) => ({ Action: 'UPSERT', ResourceRecordSet: { ...set(value) } }));
    expect(answerOf(bench, changeCall({ HostedZoneId: 'ZONE', ChangeBatch: { Changes } })).ok).toBe(false);
    await bench.until(100);
    expect(textOf(bench)).toEqual(['eu-central-1 epoch=1']);
  });

  it.each([
    ['another action', { Action: 'DELETE' }, {}],
    ['another type', {}, { Type: 'A' }],
    ['a record that is not simple', {}, { SetIdentifier: 'one' }],
    ['a record that the graph does not declare', {}, { Name: 'new.example.com' }],
    ['no TTL', {}, { TTL: undefined }],
  ])('is not modelled for %s', (_what, change, set) => {
    const ResourceRecordSet = { Name: ACTIVE, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: '"x"' }], ...set };
    const Changes = [{ Action: 'UPSERT', ResourceRecordSet, ...change }];
    const call = changeCall({ HostedZoneId: 'ZONE', ChangeBatch: { Changes } });
    expect(() => answerOf(new Bench(graph), call)).toThrow('is not modelled');
  });

  it('is the only operation', () => {
    const { route53 } = new Bench(graph);
    expect(() => route53.needs({ ...upsert(ACTIVE, '"x"'), operation: 'GetHostedZone' })).toThrow('is not modelled');
  });
});

describe('what a change of records needs (Route 53 guide, using IAM policy conditions for fine-grained access control)', () => {
  it('is the hosted zone with normalised names, types and actions of all changes', () => {
    const { route53 } = new Bench(graph);
    const set = { Name: '*.Active.Example.com.', Type: 'TXT', TTL: 60, ResourceRecords: [] };
    const Changes = ['UPSERT', 'DELETE'].map((Action) => ({ Action, ResourceRecordSet: set }));
    expect(route53.needs(changeCall({ HostedZoneId: '/hostedzone/ZONE', ChangeBatch: { Changes } }))).toEqual([
      {
        action: 'route53:ChangeResourceRecordSets',
        resource: 'arn:aws:route53:::hostedzone/ZONE',
        context: {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['\\052.active.example.com'],
          'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT', 'DELETE'],
        },
      },
    ]);
  });
});

describe('the real SDK client', () => {
  /** A client whose wire ends in the simulated service, as the rehearsal's does. */
  function clientOf(bench: Bench): Route53Client {
    const requestHandler = {
      metadata: { handlerProtocol: 'http/1.1' },
      destroy: () => undefined,
      handle: async (request: WireRequest) => {
        const { operation, input } = route53Rest.decode(request);
        return { response: route53Rest.encode(operation, answerOf(bench, changeCall(input))) };
      },
    };
    const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
    return new Route53Client({ region: 'us-east-1', credentials, requestHandler, maxAttempts: 1 });
  }

  it('changes the record as the orchestrator does', async () => {
    const bench = new Bench(graph);
    const step = createRecordChange(clientOf(bench), { zoneId: 'ZONE', recordName: ACTIVE, region: 'eu-central-2' });
    const result = await step({
      state: after([observed(), won(), accepted()]).state,
      epoch: 2,
      signal: new AbortController().signal,
    });
    expect(result.kind).toBe('done');
    await bench.until(100);
    expect(textOf(bench)).toEqual(['eu-central-2 epoch=2']);
  });

  it('throws the error of its model', async () => {
    const set = { Name: ACTIVE, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: 'x' }] } satisfies ResourceRecordSet;
    const command = new ChangeResourceRecordSetsCommand({
      HostedZoneId: 'ZONE',
      ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: set }] },
    });
    await expect(clientOf(new Bench(graph)).send(command)).rejects.toBeInstanceOf(InvalidChangeBatch);
  });
});
