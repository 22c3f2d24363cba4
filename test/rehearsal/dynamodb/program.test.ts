import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import { DynamoDb } from '../../../rehearsal/aws/dynamodb/dynamodb';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';
import { callOf, CALM, DR, PRIMARY, START, strings, WITNESS } from './support';

/** The program itself: what the simulation is driven by is what is deployed. */
test('every table of the program is there, global where it has a replica, under the key of its region', async () => {
  const dynamodb = new DynamoDb(await evaluateStack('dev'), new VirtualClock(START), new Random('test'), CALM);
  const regional = ['register', 'lease', 'journal'];
  const global = ['sessions', 'orders', 'transactions'];
  for (const region of [PRIMARY, DR]) {
    for (const name of [...regional, ...global]) {
      expect([...dynamodb.items(region, `${name}-dev`)]).toEqual([]);
      const call = callOf(region, 'GetItem', { TableName: `${name}-dev`, Key: strings({ pk: 'lease' }) });
      expect(dynamodb.needs(call)).toMatchObject([
        {
          resource: expect.stringContaining(`:${region}:`) as unknown,
          context: { 'dynamodb:LeadingKeys': ['lease'] },
        },
        { action: 'kms:Decrypt', resource: expect.stringContaining(`:${region}:`) as unknown },
      ]);
    }
  }
  expect([...dynamodb.items(WITNESS, 'register-dev')]).toEqual([]);
  expect(() => dynamodb.items(WITNESS, 'orders-dev')).toThrow('there is no table');
});
