import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import { policyDocument, trustPolicy } from '../policy';
import type { PerRegion, Regions } from '../regions';

/** What an operator's commands touch. */
export interface OperatorAccessArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  readonly accountId: pulumi.Input<string>;
  /** ARNs that may take the role. Empty: whoever the account's own IAM lets assume it. */
  readonly operatorPrincipals: readonly string[];
  readonly schemaMigrators: PerRegion<{ readonly functionArn: pulumi.Input<string> }>;
  readonly leaseTables: PerRegion<{ readonly tableArn: pulumi.Input<string> }>;
  readonly keys: PerRegion<{ readonly keyArn: pulumi.Input<string> }>;
}

/** Seconds: a person's work on one incident. */
const LONGEST_SESSION = 3_600;

/**
 * The role that a person takes to operate the platform (F6), with exactly what today's commands call. One for both regions,
 * because IAM is global; its statements name resources of both, so that losing one leaves the role useful in the other.
 */
export class OperatorAccess extends pulumi.ComponentResource {
  /** What a person names in `aws sts assume-role`. */
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: OperatorAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:recovery:OperatorAccess', name, {}, opts);
    const { environmentSuffix, regions, schemaMigrators, leaseTables, keys } = args;
    const inDr = { parent: this, provider: regions.dr.provider };
    const roleName = physicalName('IAM role', 'operator', environmentSuffix, regions.dr.name);
    const principals: readonly pulumi.Input<string>[] =
      args.operatorPrincipals.length > 0
        ? args.operatorPrincipals
        : [pulumi.interpolate`arn:aws:iam::${args.accountId}:root`];

    const role = new iam.Role(
      `${name}-role`,
      {
        name: roleName,
        description: 'Operates the platform: migrates the schema and reads the leases',
        maxSessionDuration: LONGEST_SESSION,
        assumeRolePolicy: trustPolicy([{ Action: 'sts:AssumeRole', Principal: { AWS: principals } }]),
      },
      inDr,
    );
    new iam.RolePolicy(
      `${name}-policy`,
      {
        name: roleName,
        role: role.name,
        policy: policyDocument([
          {
            Sid: 'MigrateSchema',
            Action: 'lambda:InvokeFunction',
            Resource: [schemaMigrators.primary.functionArn, schemaMigrators.dr.functionArn],
          },
          {
            Sid: 'ReadLeases',
            Action: 'dynamodb:GetItem',
            Resource: [leaseTables.primary.tableArn, leaseTables.dr.tableArn],
          },
          {
            Sid: 'KeysThroughDynamoDb',
            Action: 'kms:Decrypt',
            Resource: [keys.primary.keyArn, keys.dr.keyArn],
            Condition: {
              StringEquals: {
                'kms:ViaService': [regions.primary, regions.dr].map(
                  (region) => `dynamodb.${region.name}.amazonaws.com`,
                ),
              },
            },
          },
        ]),
      },
      inDr,
    );
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
