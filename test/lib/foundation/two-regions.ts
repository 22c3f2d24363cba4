import { Provider } from '@pulumi/aws/provider';

import type { PerRegion, Region, RegionRole, Regions } from '../../../lib/regions';
import { evaluate, type Graph, type Value } from '../../support/evaluate';

/** The account that evaluated components are told. */
export const ACCOUNT_ID = '123456789012';

/** Both regions of a trading stack; to be called inside an evaluated program. */
export function twoRegions(primary = 'eu-central-1', dr = 'eu-central-2'): Regions {
  return { primary: reach('primary', primary), dr: reach('dr', dr) };
}

function reach<R extends RegionRole>(role: R, name: string): Region<R> {
  return { role, name, provider: new Provider(role, { region: name }) };
}

/** One made-up key per region. */
export const KEYS: PerRegion<{ readonly keyArn: string }> = {
  primary: { keyArn: 'arn:aws:kms:eu-central-1:123456789012:key/primary' },
  dr: { keyArn: 'arn:aws:kms:eu-central-2:123456789012:key/dr' },
};

/** A policy document as AWS reads it. */
export interface PolicyText {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: string;
    readonly Principal?: unknown;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }[];
}

/** The statement of a policy with this Sid. */
export function statement(policy: Value, sid: string): PolicyText['Statement'][number] {
  const found = statements(policy).find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(`no statement ${sid} in ${String(policy)}`);
  return found;
}

/** All statements of a policy. */
export function statements(policy: Value): PolicyText['Statement'] {
  if (typeof policy !== 'string') throw new Error(`not a policy document: ${JSON.stringify(policy)}`);
  const parsed: PolicyText = JSON.parse(policy);
  return parsed.Statement;
}

/** Logical names of everything of a type, sorted. */
export function namesOf(graph: Graph, type: string): readonly string[] {
  return graph
    .all(type)
    .map(({ name }) => name)
    .sort();
}

/** What a component says that refuses its arguments at once; fails when it does not refuse them. */
export async function refusalOf(make: () => unknown): Promise<string> {
  let message = 'nothing was refused';
  await evaluate(() => {
    try {
      make();
    } catch (error) {
      message = String(error);
    }
  });
  return message;
}
