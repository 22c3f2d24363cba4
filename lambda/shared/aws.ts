/** How an AWS client of ours waits and tries again; passed to the client's constructor. */
export interface AwsClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/** What one client may choose: milliseconds for one attempt, attempts in all. */
export interface AwsPatience {
  readonly requestTimeoutMs?: number;
  readonly connectionTimeoutMs?: number;
  readonly attempts?: number;
}

/**
 * Options for every AWS client: 1 s to connect, 3 s for one attempt, 3 attempts unless told otherwise.
 *
 * Standard retries, not adaptive: adaptive holds requests back on the client's side for as long as it thinks fit, which a
 * function with a deadline cannot afford; standard is bounded by attempts. Without `throwOnRequestTimeout` the SDK only warns.
 */
export function awsClientOptions(region: string, patience: AwsPatience = {}): AwsClientOptions {
  return {
    region,
    maxAttempts: patience.attempts ?? 3,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: patience.connectionTimeoutMs ?? 1_000,
      requestTimeout: patience.requestTimeoutMs ?? 3_000,
      throwOnRequestTimeout: true,
    },
  };
}
