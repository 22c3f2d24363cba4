import * as apigateway from '@pulumi/aws/apigateway';
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import { assumableBy } from '../policy';

/** The access log of one region's API. */
export interface ApiAccessLogArgs {
  readonly environmentSuffix: string;
  readonly regionName: string;
  readonly keyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** One line per request, without what the caller sent. */
const FORMAT = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  resourcePath: '$context.resourcePath',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integrationLatency',
  xrayTraceId: '$context.xrayTraceId',
} as const;

/**
 * The API's access log together with what it needs: API Gateway's account settings. Those exist once per account and
 * region, are shared with every other API there, and `destroy` *resets* them (provider 7 has no way to leave them), which
 * stops the logs of those other APIs. Hence only where `manageApiGatewayAccount` says that this stack owns them.
 */
export class ApiAccessLog extends pulumi.ComponentResource {
  /** What a stage writes; usable only after the account settings exist, which the value carries. */
  readonly settings: pulumi.Output<{ readonly destinationArn: string; readonly format: string }>;

  constructor(name: string, args: ApiAccessLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:ApiAccessLog', name, {}, opts);
    const inside = { parent: this };

    const logGroup = new cloudwatch.LogGroup(
      `${name}-log`,
      {
        name: `/aws/apigateway/${physicalName('API Gateway REST API', 'trading-api', args.environmentSuffix)}`,
        retentionInDays: args.logRetentionDays,
        kmsKeyId: args.keyArn,
      },
      inside,
    );
    const role = new iam.Role(
      `${name}-role`,
      {
        name: physicalName('IAM role', 'api-gateway-logs', args.environmentSuffix, args.regionName),
        assumeRolePolicy: assumableBy('apigateway.amazonaws.com'),
      },
      inside,
    );
    const grant = new iam.RolePolicyAttachment(
      `${name}-grant`,
      {
        role: role.name,
        // AWS's own, because API Gateway refuses a role that cannot write any log group of the account.
        policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
      },
      inside,
    );
    const account = new apigateway.Account(
      `${name}-account`,
      { cloudwatchRoleArn: role.arn },
      { ...inside, dependsOn: grant },
    );
    this.settings = pulumi
      .all([logGroup.arn, account.id])
      .apply(([destinationArn]) => ({ destinationArn, format: JSON.stringify(FORMAT) }));
    this.registerOutputs({ logGroupName: logGroup.name });
  }
}
