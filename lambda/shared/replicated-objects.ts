import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ObjectTooLargeError } from './errors';

/** What the rule with replication time control covers (D6): objects under this prefix, each below 128 MB, in bytes. */
export const RTC_LIMIT_BYTES = 134_217_728;

/** The prefix of objects that replicate within 15 minutes by contract, and the one of those that are too large for it. */
export const REPLICATED_PREFIX = { timed: 'rtc/', bulk: 'bulk/' } as const;

/** An object to be written; the name becomes the key behind its prefix. */
export interface ReplicatedObject {
  readonly name: string;
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** Writes objects where replication rules expect them. */
export interface ReplicatedObjects {
  /** Answers with the key. The same name with the same body gives the same object, so a repetition repairs. */
  put(object: ReplicatedObject): Promise<string>;
}

/** S3 cannot filter replication by size, so the writer chooses the prefix by it. */
export function replicatedKey(name: string, sizeBytes: number): string {
  return (sizeBytes < RTC_LIMIT_BYTES ? REPLICATED_PREFIX.timed : REPLICATED_PREFIX.bulk) + name;
}

/**
 * Refuses a key under the timed prefix for an object that is too large for it.
 *
 * @throws ObjectTooLargeError naming key and size.
 */
export function validateReplicatedKey(key: string, sizeBytes: number): void {
  if (key.startsWith(REPLICATED_PREFIX.timed) && sizeBytes >= RTC_LIMIT_BYTES) {
    throw new ObjectTooLargeError(
      `${key} has ${sizeBytes} bytes; ${REPLICATED_PREFIX.timed} takes less than ${RTC_LIMIT_BYTES}`,
    );
  }
}

/** Objects of one replicated bucket; the client's time-outs and attempts bound each call. */
export function createReplicatedObjects(client: S3Client, bucket: string): ReplicatedObjects {
  return {
    async put({ name, body, contentType }) {
      const key = replicatedKey(name, body.byteLength);
      validateReplicatedKey(key, body.byteLength);
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
      return key;
    },
  };
}
