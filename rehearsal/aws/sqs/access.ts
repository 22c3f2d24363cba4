import type { Caller, Need } from '../service';

/**
 * IAM's word on what a part of AWS does with somebody's rights, where no API call of a handler stands behind it: a poller with its
 * function's role, SNS with a queue's policy, S3 with its replication role.
 */
export interface Access {
  /** @param by with the topic, rule or queue that stands behind it, when it comes in its own name. */
  allows(by: Caller & { readonly sourceArn?: string }, needs: readonly Need[]): boolean;
}

/**
 * What a service that encrypts with a customer key needs from whoever calls it: KMS sees the caller's own rights, the service as
 * `kms:ViaService`, and what is encrypted as the encryption context (KMS guide, "kms:ViaService" and "Encryption context").
 *
 * @param service with its region, `sqs.eu-central-1`.
 * @param context name and value of the encryption context.
 */
export function keyNeeds(
  actions: readonly ('kms:Decrypt' | 'kms:Encrypt' | 'kms:GenerateDataKey')[],
  keyArn: string,
  service: string,
  context: readonly [name: string, value: string],
): readonly Need[] {
  const conditions = {
    'kms:ViaService': [`${service}.amazonaws.com`],
    [`kms:EncryptionContext:${context[0]}`]: [context[1]],
  };
  return actions.map((action) => ({ action, resource: keyArn, context: conditions }));
}
