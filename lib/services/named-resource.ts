import type * as pulumi from '@pulumi/pulumi';

/** How a component is told of a table, a bucket or a parameter: the name for its function, the ARN for its policy. */
export interface NamedResource {
  readonly name: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
}

/** How a component is told of its region's lease table. */
export interface LeaseTableReference {
  readonly tableName: pulumi.Input<string>;
  readonly tableArn: pulumi.Input<string>;
}
