import * as dynamodb from '@pulumi/aws/dynamodb';
import * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';

/** The region's key. */
export interface LeaseTableArgs {
  readonly environmentSuffix: string;
  readonly keyArn: pulumi.Input<string>;
}

/**
 * One region's local copy of who may write: the item `lease`, which functions read before they write.
 *
 * A plain regional table on purpose. In a global one the last writer wins by time, and a healed partition would undo a
 * failover. It has no backups either: a restored lease would let a region write that has lost the right to.
 */
export class LeaseTable extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;

  constructor(name: string, { environmentSuffix, keyArn }: LeaseTableArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:data:LeaseTable', name, {}, opts);
    const table = new dynamodb.Table(
      `${name}-table`,
      {
        name: physicalName('DynamoDB table', 'lease', environmentSuffix),
        attributes: [{ name: 'pk', type: 'S' }],
        hashKey: 'pk',
        billingMode: 'PAY_PER_REQUEST',
        serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
        pointInTimeRecovery: { enabled: false },
        deletionProtectionEnabled: false,
      },
      { parent: this },
    );
    this.tableName = table.name;
    this.tableArn = table.arn;
    this.registerOutputs({ tableName: this.tableName });
  }
}
