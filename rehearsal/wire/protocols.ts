import { awsJson1_0, awsJson1_1, timeless1_0 } from './json';
import { awsQuery, RDS_ELEMENTS } from './query';
import { lambdaRest, route53Rest, s3Rest } from './rest';
import type { ServiceName } from '../aws/service';
import type { Protocol } from './wire';

/** The protocol that the SDK's client of each service speaks. */
export const PROTOCOLS: Readonly<Record<ServiceName, Protocol>> = {
  autoscaling: awsQuery({}, { booleans: true }),
  cloudwatch: awsJson1_0,
  dynamodb: timeless1_0,
  lambda: lambdaRest,
  rds: awsQuery(RDS_ELEMENTS, { booleans: true }),
  route53: route53Rest,
  s3: s3Rest,
  secretsmanager: awsJson1_1,
  sns: awsQuery(),
  sqs: timeless1_0,
  ssm: awsJson1_1,
};
