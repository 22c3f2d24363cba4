import { API_GATEWAY_FIDELITY } from './aws/api-gateway/fidelity';
import { AUTO_SCALING_FIDELITY } from './aws/autoscaling/fidelity';
import { CLOUDWATCH_FIDELITY } from './aws/cloudwatch/fidelity';
import { DYNAMODB_BEHAVIOURS } from './aws/dynamodb/fidelity';
import { EVENTBRIDGE_FIDELITY } from './aws/eventbridge/fidelity';
import { LAMBDA_FIDELITY } from './aws/lambda/fidelity';
import { RDS_FIDELITY } from './aws/rds/fidelity';
import { ROUTE53_FIDELITY } from './aws/route53/fidelity';
import { S3_FIDELITY } from './aws/s3/fidelity';
import { SECRETS_MANAGER_FIDELITY } from './aws/secretsmanager/fidelity';
import { SNS_FIDELITY } from './aws/sns/fidelity';
import { SQS_FIDELITY } from './aws/sqs/fidelity';
import { SSM_FIDELITY } from './aws/ssm/fidelity';
import { NETWORK_FIDELITY } from './faults/fidelity';
import { IAM_BEHAVIOURS } from './iam/fidelity';
import { CLIENTS_FIDELITY, JUDGE_FIDELITY } from './judge/fidelity';
import { RESOLVER_FIDELITY } from './network/resolver-fidelity';
import { POSTGRES_FIDELITY } from './postgres/fidelity';
import { RUNTIME_FIDELITY } from './runtime/fidelity';
import { LOGS_FIDELITY, SYNTHETICS_FIDELITY } from './world/fidelity';
import type { ModelledBehaviour } from './aws/fidelity';

/** Everything that is modelled of one service, or of one part of the world around them. */
export interface ModelledService {
  readonly service: string;
  readonly behaviours: readonly ModelledBehaviour[];
}

/** Everything that is modelled, in the order of docs/rehearsal.md. */
export const ALL_BEHAVIOURS: readonly ModelledService[] = [
  { service: 'Node.js and the AWS SDK', behaviours: RUNTIME_FIDELITY },
  { service: 'Network', behaviours: NETWORK_FIDELITY },
  { service: 'Lambda', behaviours: LAMBDA_FIDELITY },
  { service: 'DynamoDB', behaviours: DYNAMODB_BEHAVIOURS },
  { service: 'Aurora (RDS)', behaviours: RDS_FIDELITY },
  { service: 'PostgreSQL', behaviours: POSTGRES_FIDELITY },
  { service: 'CloudWatch metrics and alarms', behaviours: CLOUDWATCH_FIDELITY },
  { service: 'CloudWatch Logs', behaviours: LOGS_FIDELITY },
  { service: 'CloudWatch Synthetics', behaviours: SYNTHETICS_FIDELITY },
  { service: 'Route 53', behaviours: ROUTE53_FIDELITY },
  { service: 'Name resolution at the clients', behaviours: RESOLVER_FIDELITY },
  { service: 'API Gateway', behaviours: API_GATEWAY_FIDELITY },
  { service: 'SQS', behaviours: SQS_FIDELITY },
  { service: 'SNS', behaviours: SNS_FIDELITY },
  { service: 'EventBridge', behaviours: EVENTBRIDGE_FIDELITY },
  { service: 'S3', behaviours: S3_FIDELITY },
  { service: 'Systems Manager parameters', behaviours: SSM_FIDELITY },
  { service: 'Secrets Manager', behaviours: SECRETS_MANAGER_FIDELITY },
  { service: 'EC2 Auto Scaling', behaviours: AUTO_SCALING_FIDELITY },
  { service: 'IAM', behaviours: IAM_BEHAVIOURS },
  { service: 'Clients', behaviours: CLIENTS_FIDELITY },
  { service: 'The judge', behaviours: JUDGE_FIDELITY },
];
