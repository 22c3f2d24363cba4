import { Health } from '../../../lib/services/health';
import { Payments } from '../../../lib/services/payments';
import { SchemaMigration } from '../../../lib/services/schema-migration';
import { Trading } from '../../../lib/services/trading';
import { evaluate } from '../../support/evaluate';
import type { Graph, GraphResource } from '../../support/evaluate';
import {
  ACCOUNT,
  databaseIn,
  leaseTableIn,
  networkIn,
  reachBoth,
  settingsIn,
  statementsOf,
  tableIn,
} from './two-regions';
import type { REGION, Statement } from './two-regions';

/** Every workload in both regions, without the API in front of them. */
export function evaluateWorkloads(): Promise<Graph> {
  return evaluate(() => {
    const { primary, dr } = reachBoth();
    for (const region of [primary, dr]) {
      const { role } = region;
      const common = {
        ...settingsIn(region),
        database: databaseIn(role),
        network: networkIn(role),
        leaseTable: leaseTableIn(role),
      };
      const inRegion = { provider: region.provider };
      const parameter = '/parameters-test/order-limits';
      new Trading(
        `trading-${role}`,
        {
          ...common,
          ordersTable: tableIn(role, 'orders'),
          orderLimitsParameter: { name: parameter, arn: `arn:aws:ssm:${region.name}:${ACCOUNT}:parameter${parameter}` },
          orderValiditySeconds: 900,
        },
        inRegion,
      );
      new Payments(
        `payments-${role}`,
        {
          ...common,
          transactionsTable: tableIn(role, 'transactions'),
          receiptsBucket: { name: `receipts-${role}`, arn: `arn:aws:s3:::receipts-${role}` },
          paymentValiditySeconds: 900,
        },
        inRegion,
      );
      new Health(
        `health-${role}`,
        { ...common, probeTable: tableIn(role, 'orders'), verdictIntervalSeconds: 10 },
        inRegion,
      );
      new SchemaMigration(`schema-${role}`, common, inRegion);
    }
  });
}

/** The component in which each function is made. */
const MADE_IN = [
  ['orders-api', 'trading-ROLE-orders-api'],
  ['order-processor', 'trading-ROLE-order-processor'],
  ['payment-validator', 'payments-ROLE-payment-validator'],
  ['health', 'health-ROLE-function'],
  ['schema-migrator', 'schema-ROLE-function'],
] as const;
/** A function's name in the requirements' words. */
export type FunctionName = (typeof MADE_IN)[number][0];
/** A region's home role. */
export type Role = keyof typeof REGION;

/** Every function in these workloads. */
export const NAMES = MADE_IN.map(([name]) => name);
const logical = (name: FunctionName, role: Role): string =>
  MADE_IN.filter(([own]) => own === name).map(([, made]) => made.replace('ROLE', role))[0] ?? name;

/** One function of one region. */
export function handlerIn(graph: Graph, name: FunctionName, role: Role): GraphResource {
  return graph.one('aws:lambda/function:Function', `${logical(name, role)}-function`);
}

/** What one function of one region is allowed. */
export function statementsIn(graph: Graph, name: FunctionName, role: Role): readonly Statement[] {
  return statementsOf(graph.one('aws:iam/rolePolicy:RolePolicy', `${logical(name, role)}-policy`).inputs['policy']);
}
