import fc from 'fast-check';
import { decideOrder, type Instrument } from '../../../lambda/order-processor/decide';

const SAP: Instrument = { symbol: 'SAP', tickSize: '0.02', bandLow: '115', bandHigh: '345' };
const NOON = Date.parse('2026-11-24T12:00:00.000Z');
const order = (limitPrice: string, validUntil = '2026-11-24T12:15:00.000Z') => ({ limitPrice, validUntil });

test.each([
  ['an order within tick and band is executed', order('180.02'), SAP, { verdict: 'PROCESSED' }],
  [
    'the last moment of its validity still counts',
    order('180', '2026-11-24T12:00:00.000Z'),
    SAP,
    { verdict: 'PROCESSED' },
  ],
  ['a millisecond later it is expired', order('180', '2026-11-24T11:59:59.999Z'), SAP, { verdict: 'EXPIRED' }],
  ['expiry comes before every other reason', order('1', '2026-11-24T11:00:00.000Z'), undefined, { verdict: 'EXPIRED' }],
  ['a validity that cannot be read expires', order('180', 'soon'), SAP, { verdict: 'EXPIRED' }],
  ['nobody trades what is not known', order('180'), undefined, { verdict: 'REJECTED', reason: 'UNKNOWN_INSTRUMENT' }],
  ['a price between two ticks is rejected', order('180.01'), SAP, { verdict: 'REJECTED', reason: 'TICK_SIZE' }],
  ['the band includes its ends', order('345'), SAP, { verdict: 'PROCESSED' }],
  ['a tick above the band is rejected', order('345.02'), SAP, { verdict: 'REJECTED', reason: 'PRICE_BAND' }],
  ['a tick below the band is rejected', order('114.98'), SAP, { verdict: 'REJECTED', reason: 'PRICE_BAND' }],
])('%s', (_, asked, instrument, decision) => {
  expect(decideOrder(asked, instrument, NOON)).toEqual(decision);
});

test('every multiple of the tick within the band is executed, and nothing else, however binary fractions round', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60_000 }), (cents) => {
      const price = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
      const executed = decideOrder(order(price), SAP, NOON).verdict === 'PROCESSED';
      expect(executed).toBe(cents % 2 === 0 && cents >= 11_500 && cents <= 34_500);
    }),
  );
});

test('an order past its validity is never executed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (late) => {
      expect(decideOrder(order('180', new Date(NOON - late).toISOString()), SAP, NOON)).toEqual({ verdict: 'EXPIRED' });
    }),
  );
});
