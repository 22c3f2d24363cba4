import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { freshVerdict, otherRegionOf, registerClients } from '../../../lambda/shared/compose-keeper';
import { DR, PRIMARY, WITNESS } from '../support/registers';

describe('a verdict', () => {
  const item = { healthy: true, at: 100_000, writableAt: 100_000, why: 'nothing' };

  test.each([
    [
      'is carried, without its words, while it is fresh',
      item,
      130_000,
      { healthy: true, at: 100_000, writableAt: 100_000 },
    ],
    ['says nothing when it is older than 30 s', item, 130_001, undefined],
    ['says nothing when there is none', undefined, 0, undefined],
  ])('%s', (_, given, now, expected) => {
    expect(freshVerdict(given, now)).toEqual(expected);
  });
});

describe("a function's environment", () => {
  const settings = {
    AWS_REGION: DR,
    REGISTER_TABLE: 'register-dev',
    PRIMARY_REGION: PRIMARY,
    DR_REGION: DR,
    WITNESS_REGION: WITNESS,
    LEASE_TABLE: 'lease-dev',
    LEASE_SECONDS: 60,
  };
  const locationsOf = (change: Partial<typeof settings>) =>
    Object.keys(registerClients({ ...settings, ...change }, (region) => new DynamoDBClient({ region })));

  test('has a register in each location, and without a witness in primary alone', () => {
    expect(locationsOf({})).toEqual([PRIMARY, DR, WITNESS]);
    expect(locationsOf({ WITNESS_REGION: 'none' })).toEqual([PRIMARY]);
  });

  test('tells the region that this one would take over from', () => {
    expect(otherRegionOf(settings)).toBe(PRIMARY);
    expect(otherRegionOf({ ...settings, AWS_REGION: PRIMARY })).toBe(DR);
  });
});
