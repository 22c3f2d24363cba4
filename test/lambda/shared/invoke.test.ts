import { LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { createFunctionCalls } from '../../../lambda/shared/invoke';
import { fakeHttp, type HttpAnswer } from '../failover-orchestrator/support/fake-http';

const answer = z.object({ epoch: z.int() });

function calls(reply: HttpAnswer) {
  const { options, sent } = fakeHttp(() => reply);
  return { calls: createFunctionCalls(new LambdaClient(options)), sent };
}

test('a function is asked, and its answer is read by its form', async () => {
  const { calls: functions, sent } = calls({ body: '{"epoch":7}' });
  expect(await functions.ask('ledger-dev', { action: 'install-epoch', epoch: 7 }, answer, 1_000)).toEqual({ epoch: 7 });
  expect(sent.map(({ path, headers, fields }) => [path, headers['x-amz-invocation-type'], fields])).toEqual([
    ['/2015-03-31/functions/ledger-dev/invocations', 'RequestResponse', { action: 'install-epoch', epoch: 7 }],
  ]);
});

test.each([
  [
    'a function that fails, with its own words',
    {
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: '{"errorType":"DeadlineError","errorMessage":"too long"}',
    },
    'CallError',
    'ledger-dev failed: DeadlineError: too long',
  ],
  [
    'one that dies without a word',
    { headers: { 'x-amz-function-error': 'Unhandled' }, body: '[]' },
    'CallError',
    'ledger-dev failed: it says nothing',
  ],
  ['one that does not answer', 'silence', 'CallError', 'ledger-dev cannot be called: TimeoutError: no answer'],
  ['an answer of another form', { body: '{"epoch":"7"}' }, 'MalformedError', 'the answer of ledger-dev is malformed'],
  ['an answer that is no JSON', { body: '<html>' }, 'MalformedError', 'the answer of ledger-dev is not JSON'],
] as const)('%s is an error that names it', async (_, reply, name, message) => {
  await expect(calls(reply).calls.ask('ledger-dev', {}, answer, 1_000)).rejects.toMatchObject({ name, message });
});

test('a function is started without waiting for it, and Lambda keeps the event', async () => {
  const { calls: functions, sent } = calls({ status: 202, body: '' });
  await functions.start('failover-orchestrator-dev', { action: 'offer' });
  expect(sent.map(({ headers, fields }) => [headers['x-amz-invocation-type'], fields])).toEqual([
    ['Event', { action: 'offer' }],
  ]);
  await expect(calls('silence').calls.start('x', {})).rejects.toMatchObject({ name: 'CallError' });
});
