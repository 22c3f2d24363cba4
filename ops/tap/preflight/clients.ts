import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { awsClientOptions } from '../../../lambda/shared/aws';

/** What every client of the SDK is made of. */
export type ClientOptions = Pick<
  EC2ClientConfig,
  'region' | 'maxAttempts' | 'retryMode' | 'requestHandler' | 'credentials'
>;

/**
 * 2 s to connect, 5 s for an answer, 3 attempts with the SDK's standard back-off and jitter; what is asked of a region that is
 * lost has failed after some 7 s.
 */
export const PREFLIGHT_OPTIONS = (region: string): ClientOptions =>
  awsClientOptions(region, { connectionTimeoutMs: 2_000, requestTimeoutMs: 5_000, attempts: 3 });

/** Clients by region, made when they are first asked for. */
export type PreflightClients = ReturnType<typeof createPreflightClients>;

/** Clients with the credentials of whoever types, as the SDK finds them. */
export function createPreflightClients(options: (region: string) => ClientOptions = PREFLIGHT_OPTIONS) {
  const closing: (() => void)[] = [];

  function perRegion<C extends { destroy(): void }>(make: (of: ClientOptions) => C): (region: string) => C {
    const made = new Map<string, C>();
    return (region) => {
      const known = made.get(region);
      if (known) return known;
      const client = make(options(region));
      made.set(region, client);
      closing.push(() => client.destroy());
      return client;
    };
  }

  return {
    apiGateway: perRegion((of) => new APIGatewayClient(of)),
    ec2: perRegion((of) => new EC2Client(of)),
    iam: perRegion((of) => new IAMClient(of)),
    lambda: perRegion((of) => new LambdaClient(of)),
    quotas: perRegion((of) => new ServiceQuotasClient(of)),
    rds: perRegion((of) => new RDSClient(of)),
    route53: perRegion((of) => new Route53Client(of)),
    s3: perRegion((of) => new S3Client(of)),
    secrets: perRegion((of) => new SecretsManagerClient(of)),
    ssm: perRegion((of) => new SSMClient(of)),
    sts: perRegion((of) => new STSClient(of)),
    /** Lets go of all connections. */
    close(): void {
      for (const close of closing.splice(0)) close();
    },
  };
}
