import * as z from 'zod/mini';
import { everyFunction, lambdaProvided, matching, text } from '../shared/env';

/** What parameter-replicator needs from its environment. */
export const parameterReplicatorEnv = z.object({
  ...everyFunction,
  LEASE_TABLE: text,
  PARAMETER_PATH: matching(/^\/[\w./-]*[\w.-]$/, 'a parameter path that starts and does not end with a slash'),
  TARGET_REGION: lambdaProvided.AWS_REGION,
  TARGET_KEY_ARN: matching(/^arn:aws[a-z-]*:kms:/, 'the ARN of a KMS key'),
});

/** The same contract as lib/ must fill it: every key, as text. */
export type ParameterReplicatorEnv = Readonly<z.input<typeof parameterReplicatorEnv>>;
