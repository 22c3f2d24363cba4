import * as pulumi from '@pulumi/pulumi';
import { refuseBoundWithoutFollower } from '../../../lib/data/lag-bound';
import { twoRegions } from '../foundation/two-regions';
import { evaluate, type EvaluateOptions } from '../../support/evaluate';

type Found = NonNullable<EvaluateOptions['lookups']>[string];
const member = (name: string) => ({ dbClusterArn: `arn:aws:rds:eu-central-1:123456789012:cluster:${name}` });

/** What becomes of a bound, and who is asked. */
async function bounded(rpoEnforcementSeconds: number, found: Found) {
  let told = 'let through';
  const { invokes } = await evaluate(
    async () => {
      const parent = new pulumi.ComponentResource('tap:test:Stack', 'stack');
      const args = { environmentSuffix: 'test', regions: twoRegions(), rpoEnforcementSeconds };
      await refuseBoundWithoutFollower(args, parent).catch((error: unknown) => {
        told = String(error);
      });
    },
    { lookups: { 'aws:rds/getGlobalCluster:getGlobalCluster': found } },
  );
  return { told, invokes };
}

// Aurora guide, "Managing RPOs": commits are blocked "if there is no secondary DB cluster that has an RPO lag time less than the RPO".
test.each<[string, Found, string]>([
  [
    'is not deployed yet',
    () => {
      throw new Error("couldn't find resource");
    },
    'Aurora would commit nothing',
  ],
  [
    'has nobody who follows',
    () => ({ members: [member('one')] }),
    'aurora-global-eu-central-1-test has 1 of 2 clusters',
  ],
])('a bound of the lag is refused while the database %s, with what comes first', async (_, found, why) => {
  const { told } = await bounded(60, found);
  expect(told).toContain('rpoEnforcementSeconds is 60, and no cluster is known to follow the database');
  expect(told).toContain(why);
  expect(told).toContain('First: pulumi config set tap:rpoEnforcementSeconds 0');
});

test('it is let through where somebody follows, and without a bound nobody is asked', async () => {
  const { told, invokes } = await bounded(60, () => ({ members: [member('one'), member('two')] }));
  expect(told).toBe('let through');
  expect(invokes).toMatchObject([{ args: { identifier: 'aurora-global-eu-central-1-test' }, region: 'eu-central-1' }]);
  expect((await bounded(0, () => ({}))).invokes).toEqual([]);
});
