import {
  auroraPrice,
  instancePrice,
  PRICE_IDS,
  PRICED_REGIONS,
  priceOf,
  sizeFactor,
} from '../../../analysis/cost/prices';
import { readStack, stackNames } from '../../../analysis/graph/stack-files';
import { ROOT } from '../../../lib/bundles';
import { parseConfig } from '../../../lib/config';

const every = PRICE_IDS.flatMap((id) => PRICED_REGIONS.map((region) => ({ id, region, price: priceOf(id, region) })));

test('every price is a positive number with a unit and a source', () => {
  for (const { price } of every) {
    expect(price.usd).toBeGreaterThan(0);
    expect(price.per).not.toBe('');
    expect(price.source.length).toBeGreaterThan(20);
  }
});

test('what is called listed says when it was read, and what is not says why', () => {
  const undated = every.filter(({ price }) => price.basis === 'listed' && !/read \d{4}-\d\d-\d\d/.test(price.source));
  expect(undated.map(({ id, region }) => `${id} ${region}`)).toEqual([]);
  const careless = every.filter(
    ({ price }) =>
      price.basis === 'assumed' && !/own knowledge|quoted|price of the others|London's price/.test(price.source),
  );
  expect(careless.map(({ id, region }) => `${id} ${region}`)).toEqual([]);
});

test('a price differs between regions by at most half: more is a slip of the pen', () => {
  for (const id of PRICE_IDS) {
    const { usd } = priceOf(id, 'us-east-1');
    for (const region of PRICED_REGIONS) {
      const ratio = priceOf(id, region).usd / usd;
      expect({ id, region, isPlausible: ratio >= 1 && ratio <= 1.5 }).toEqual({ id, region, isPlausible: true });
    }
  }
});

test('every region of every stack file has prices', () => {
  for (const name of stackNames(ROOT)) {
    const { project, stack, config } = readStack(ROOT, name);
    const { primaryRegion, drRegion, witnessRegion } = parseConfig(config, { project, stack });
    expect([...PRICED_REGIONS]).toEqual(expect.arrayContaining([primaryRegion, drRegion, witnessRegion]));
  }
});

test('sizes of a family are multiples of large', () => {
  expect(
    ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge', '16xlarge'].map((size) => sizeFactor(size, 'x')),
  ).toEqual([1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 32]);
});

test('classes and types: Frankfurt and its derived neighbour', () => {
  // db.r7g.2xlarge is four times large: 4 x 0.3327
  expect(auroraPrice('db.r7g.2xlarge', 'eu-central-1').usd).toBeCloseTo(1.3308, 6);
  expect(auroraPrice('db.r7g.large', 'eu-central-2')).toMatchObject({ usd: 0.366, basis: 'derived' });
  // t4g.small is a quarter of 0.0672: listed in us-east-1; in Frankfurt times 0.027 / 0.0225 = 1.2
  expect(instancePrice('t4g.small', 'us-east-1')).toMatchObject({ usd: 0.0168, basis: 'listed' });
  expect(instancePrice('t4g.small', 'eu-central-1').usd).toBeCloseTo(0.02016, 8);
  expect(instancePrice('t4g.small', 'eu-central-1').basis).toBe('derived');
});

describe('what cannot be priced is an error that names what can', () => {
  test.each([
    [
      'a region',
      () => priceOf('nat.hour', 'ap-south-1'),
      /no prices for the region ap-south-1; regions with prices: eu-central-1, eu-central-2/,
    ],
    [
      'an Aurora family',
      () => auroraPrice('db.x2g.large', 'eu-central-1'),
      /class db\.x2g\.large; families with one: r5, r6i, r6g, r7g/,
    ],
    ['no class at all', () => auroraPrice('large', 'eu-central-1'), /no price for the Aurora class large/],
    [
      'an EC2 family',
      () => instancePrice('m5.large', 'eu-central-1'),
      /no price for the EC2 type m5\.large; families with one: t4g/,
    ],
    ['a size', () => instancePrice('t4g.huge', 'eu-central-1'), /t4g\.huge has the size huge, which is none/],
  ])('%s', (_, price, says) => {
    expect(price).toThrow(says);
  });
});
