import * as pulumi from '@pulumi/pulumi';

import type { TapConfig } from '../config';
import { inBoth, type PerRegion, type Regions } from '../regions';
import { DecisionTable } from './decision-table';

/** Where the registers are. */
export interface RegistersArgs extends Pick<
  TapConfig,
  'environmentSuffix' | 'primaryRegion' | 'drRegion' | 'witnessRegion' | 'leaseSeconds'
> {
  readonly regions: Regions;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
}

/**
 * The registers: who may write, decided by two of three (X4). The witness is one small table in a third region, made with
 * dr's provider and a region of its own, so that neither of the two regions alone can decide, nor be needed for a decision.
 */
export class Registers extends pulumi.ComponentResource {
  /** The same name everywhere. */
  readonly tableName: pulumi.Output<string>;
  /** All of them: primary's, dr's, and the witness's unless there is none. */
  readonly tableArns: readonly pulumi.Output<string>[];
  /** What every function is told that reads or writes them. */
  readonly settings: {
    readonly REGISTER_TABLE: pulumi.Output<string>;
    readonly PRIMARY_REGION: string;
    readonly DR_REGION: string;
    readonly WITNESS_REGION: string;
    readonly LEASE_SECONDS: string;
  };

  constructor(name: string, args: RegistersArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:data:Registers', name, {}, opts);
    const { environmentSuffix, regions, keys, witnessRegion } = args;
    const resource = 'register' as const;
    const pair = inBoth(regions, ({ role, provider }) => {
      const { keyArn } = keys[role];
      return new DecisionTable(`${name}-${role}`, { environmentSuffix, resource, keyArn }, { parent: this, provider });
    });
    const witness =
      witnessRegion === 'none'
        ? []
        : [
            new DecisionTable(
              `${name}-witness`,
              {
                environmentSuffix,
                resource,
                regionName: witnessRegion,
                // dr's provider would tag it as dr's (N6).
                tags: { Region: witnessRegion, 'DR-Role': 'witness' },
              },
              { parent: this, provider: regions.dr.provider },
            ),
          ];

    this.tableName = pair.primary.tableName;
    this.tableArns = [pair.primary, pair.dr, ...witness].map(({ tableArn }) => tableArn);
    this.settings = {
      REGISTER_TABLE: this.tableName,
      PRIMARY_REGION: args.primaryRegion,
      DR_REGION: args.drRegion,
      WITNESS_REGION: witnessRegion,
      LEASE_SECONDS: String(args.leaseSeconds),
    };
    this.registerOutputs({ tableName: this.tableName });
  }
}
