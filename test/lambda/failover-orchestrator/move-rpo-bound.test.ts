import { RDSClient } from '@aws-sdk/client-rds';
import { createMoveRpoBound } from '../../../lambda/failover-orchestrator/steps/move-rpo-bound';
import { fakeHttp, type HttpAnswer, queryAnswer, queryError } from './support/fake-http';
import { after, PRIMARY } from './support/run';

const context = { state: after([]).state, epoch: 2, signal: new AbortController().signal };

async function move(there: HttpAnswer = queryAnswer('ResetDBClusterParameterGroup', '')) {
  const order: string[] = [];
  const region = (answer: HttpAnswer, name?: string) =>
    fakeHttp(({ host, fields }) => {
      order.push(`${String(fields['Action'])} at ${host}`);
      return answer;
    }, name);
  const own = region(queryAnswer('ModifyDBClusterParameterGroup', ''));
  const other = region(there, PRIMARY);
  const result = await createMoveRpoBound({
    here: new RDSClient(own.options),
    there: new RDSClient(other.options),
    parameterGroup: 'aurora-postgresql17-rpo-60-dev',
    seconds: '60',
  })(context);
  return { result, order, own: own.sent, other: other.sent };
}

test('the bound is lifted where the writer was, and then set where it is', async () => {
  const { result, order, own, other } = await move();
  expect(result.kind).toBe('done');
  expect(order).toEqual([
    'ResetDBClusterParameterGroup at rds.eu-central-1.amazonaws.com',
    'ModifyDBClusterParameterGroup at rds.eu-central-2.amazonaws.com',
  ]);
  expect(other[0]?.fields).toMatchObject({
    DBClusterParameterGroupName: 'aurora-postgresql17-rpo-60-dev',
    'Parameters.Parameter.1.ParameterName': 'rds.global_db_rpo',
    'Parameters.Parameter.1.ApplyMethod': 'immediate',
  });
  // Only this one parameter: a reset of the whole group would take the others with it.
  expect(other[0]?.fields).not.toHaveProperty('ResetAllParameters');
  expect(own[0]?.fields).toMatchObject({ 'Parameters.Parameter.1.ParameterValue': '60' });
});

test('a bound that cannot be lifted there is not set here either, and says so', async () => {
  const { result, own } = await move(queryError('InvalidDBParameterGroupStateFault'));
  expect(result).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('rds.global_db_rpo is still set in the other region'),
  });
  expect(own).toEqual([]);
});

test('without a bound there is nothing to move', async () => {
  expect(await createMoveRpoBound(undefined)(context)).toEqual({ kind: 'done', detail: 'no bound is configured' });
});
