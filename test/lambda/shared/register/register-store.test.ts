import * as fc from 'fast-check';
import type { RegisterRecord } from '../../../../lambda/shared/register/record';
import { createRegisterStore, type RegisterPort } from '../../../../lambda/shared/register/register-store';
import { fakeDynamodb } from '../../support/fake-dynamodb';
import { fakeAws } from '../../support/fake-aws';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DR, LOCATIONS, PRIMARY, QUORUM, WITNESS } from '../../support/registers';

const time = fc.integer({ min: 0, max: 2_000_000_000_000 });
const region = fc.constantFrom(PRIMARY, DR);
const epoch = fc.integer({ min: 1, max: 1_000 });

const record: fc.Arbitrary<RegisterRecord> = fc
  .record(
    {
      activeRegion: region,
      epoch,
      standing: fc.constantFrom('claimed', 'won', 'released'),
      claimId: fc.string(),
      leaseEnds: fc.dictionary(region, time),
      earlierEnd: time,
      lastWon: fc.record({ activeRegion: region, epoch, released: fc.boolean(), renewedAt: time }),
      renewedAt: time,
      verdict: fc.record({ healthy: fc.boolean(), at: time, writableAt: time }),
      traffic: fc.record({ failoverActive: fc.constantFrom(0, 1), epoch: time }),
    },
    {
      requiredKeys: ['activeRegion', 'epoch', 'standing', 'claimId', 'leaseEnds', 'renewedAt', 'traffic'],
      noNullPrototype: true,
    },
  )
  .map((fields) => ({ ...fields, version: 1 }));

/** One client for all: making it takes longer than its calls. */
let table = fakeDynamodb();
const client = new DynamoDBClient({ ...fakeAws((request) => table.answer(request)).options, region: WITNESS });

/** Empty registers. */
function emptyStore(): RegisterPort {
  table = fakeDynamodb();
  const clients = Object.fromEntries(LOCATIONS.map((location) => [location, client]));
  return createRegisterStore(clients, 'register-test', QUORUM, () => 'write 1');
}

describe('the registers as items', () => {
  it('read what was written, every field of it: what a read drops, the next compare-and-set would erase for everybody', () =>
    fc.assert(
      fc.asyncProperty(record, async (written) => {
        const registers = emptyStore();
        await registers.write([{ location: WITNESS, expectedVersion: 0, record: written }]);
        const readings = await registers.read();
        expect(readings.find(({ location }) => location === WITNESS)).toEqual({
          location: WITNESS,
          known: true,
          record: written,
        });
      }),
      { numRuns: 100 },
    ));
});
