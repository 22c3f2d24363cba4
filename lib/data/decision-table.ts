import * as dynamodb from '@pulumi/aws/dynamodb';
import * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';

/** One table by which a region decides. */
export interface DecisionTableArgs {
  readonly environmentSuffix: string;
  /** The table's name in the requirements' words. */
  readonly resource: 'lease' | 'register' | 'journal';
  /** The region's key. @default AWS's own key for DynamoDB, in the witness region, which has none of ours */
  readonly keyArn?: pulumi.Input<string>;
  /** Many items under one key, in order. @default one item per key */
  readonly sorted?: boolean;
  /** Kept for an auditor. @default no backups: a restored lease or register would let a region write that has lost the right to */
  readonly recoverable?: boolean;
  /** A third region, without a provider of its own. @default the provider's region */
  readonly regionName?: string;
  /** Instead of the provider's, where they would be wrong. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A plain regional table on purpose: in a global one the last writer of an item wins by time, and a healed partition would
 * undo a failover (aws-facts.md 7, design.md section 4). Reads and writes that decide are strongly consistent.
 */
export class DecisionTable extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;

  constructor(name: string, args: DecisionTableArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:data:DecisionTable', name, {}, opts);
    const { keyArn } = args;
    const table = new dynamodb.Table(
      `${name}-table`,
      {
        name: physicalName('DynamoDB table', args.resource, args.environmentSuffix),
        attributes: (args.sorted ? ['pk', 'sk'] : ['pk']).map((key) => ({ name: key, type: 'S' })),
        hashKey: 'pk',
        ...(args.sorted && { rangeKey: 'sk' }),
        billingMode: 'PAY_PER_REQUEST',
        serverSideEncryption: { enabled: true, ...(keyArn && { kmsKeyArn: keyArn }) },
        pointInTimeRecovery: { enabled: args.recoverable ?? false },
        deletionProtectionEnabled: false,
        ...(args.regionName && { region: args.regionName }),
        ...(args.tags && { tags: args.tags }),
      },
      { parent: this },
    );
    this.tableName = table.name;
    this.tableArn = table.arn;
    this.registerOutputs({ tableName: this.tableName });
  }
}
