import * as z from 'zod';
import { Provider } from '@pulumi/aws/provider';
import type { Region, RegionRole, Regions } from '../../../lib/regions';
import type { DatabaseAccess } from '../../../lib/services/database-access';
import type { LeaseTableReference, NamedResource } from '../../../lib/services/named-resource';
import type { FunctionNetwork, FunctionSettings } from '../../../lib/services/service-function';
import { text } from '../../support/evaluate';
import type { Graph, GraphResource, Value, Values } from '../../support/evaluate';

/** What components are given in these tests, with names that show where they came from. */
export const ACCOUNT = '123456789012';
/** The regions' names. */
export const REGION = { primary: 'eu-central-1', dr: 'eu-central-2' } as const;

const reach = <R extends RegionRole>(role: R): Region<R> => ({
  role,
  name: REGION[role],
  provider: new Provider(role, { region: REGION[role] }),
});

/** The pair, with a provider each; only inside an evaluation. */
export const reachBoth = (): Regions => ({ primary: reach('primary'), dr: reach('dr') });

/** A region's key. */
export const keyIn = (role: RegionRole): string => `arn:aws:kms:${REGION[role]}:${ACCOUNT}:key/${role}`;

/** A global table as one region sees it. */
export const tableIn = (role: RegionRole, table: string): NamedResource => ({
  name: `${table}-test`,
  arn: `arn:aws:dynamodb:${REGION[role]}:${ACCOUNT}:table/${table}-test`,
});

/** A region's lease table. */
export const leaseTableIn = (role: RegionRole): LeaseTableReference => {
  const { name, arn } = tableIn(role, 'lease');
  return { tableName: name, tableArn: arn };
};

/** What every function of a region shares. */
export const settingsIn = (region: Region): FunctionSettings => ({
  environmentSuffix: 'test',
  region,
  accountId: ACCOUNT,
  keyArn: keyIn(region.role),
  logRetentionDays: 30,
});

/** A region's private network. */
export const networkIn = (role: RegionRole): FunctionNetwork => ({
  privateSubnetIds: [`subnet-${role}-a`, `subnet-${role}-b`, `subnet-${role}-c`],
  functionSecurityGroupId: `sg-functions-${role}`,
});

/** A region's database. */
export const databaseIn = (role: RegionRole): DatabaseAccess => ({
  databaseHosts: {
    writer: `cluster.${role}.example`,
    reader: `reader.${role}.example`,
    instances: [`instance-1.${role}.example`, `instance-2.${role}.example`],
  },
  databasePort: 5432,
  databaseName: 'trading',
  databaseSecretId: `arn:aws:secretsmanager:${REGION[role]}:${ACCOUNT}:secret:database-AbCdEf`,
  databaseTls: 'verify-full',
});

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const statementForm = z.object({
  Sid: z.string().default(''),
  Effect: z.string(),
  Principal: z.unknown().optional(),
  Action: oneOrMore,
  Resource: oneOrMore.default([]),
  Condition: z.unknown().optional(),
});
const documentForm = z.object({ Statement: z.array(statementForm) });

/** A statement as it is sent to AWS. */
export type Statement = z.output<typeof statementForm>;

/** The statements of a policy document, or fails on anything else. */
export function statementsOf(document: Value): readonly Statement[] {
  if (typeof document !== 'string') throw new Error(`not a policy document: ${JSON.stringify(document)}`);
  return documentForm.parse(JSON.parse(document)).Statement;
}

/** AWS allows one string for a list of one. */
export const listed = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** A nested object of a resource's inputs. */
export function within(values: Values, key: string): Values {
  const value = values[key];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${key} is not an object`);
  return Object.fromEntries(Object.entries(value));
}

/** Everything that a graph creates, with the name of the provider that creates it. */
export const placed = (graph: Graph): readonly { readonly name: string; readonly provider: string | undefined }[] =>
  graph.created.map(({ name, provider }) => ({ name, provider: provider?.split('::').at(-1) }));

/** Those resources that are not created by the provider which their name promises. */
export const misplaced = (graph: Graph): readonly string[] =>
  placed(graph)
    .filter(({ name, provider }) => provider === undefined || !name.split('-').includes(provider))
    .map(({ name, provider }) => `${name} by ${provider ?? 'the default provider'}`);

/** A function's environment. */
export function variablesOf(handler: GraphResource): Record<string, string> {
  const variables = within(within(handler.inputs, 'environment'), 'variables');
  return Object.fromEntries(Object.keys(variables).map((key) => [key, text(variables, key)]));
}
