import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { awsClientOptions } from '../../../lambda/shared/aws';
import type { SiteReader } from '../ports';
import { CALL_MS, PATIENCE, within } from './limits';

/** The largest file of the site, in bytes: a page, not a download. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A client whose every attempt is bounded. */
export function objectClient(region: string, config: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...awsClientOptions(region, PATIENCE), ...config });
}

/** The site in the static-content bucket. */
export function siteReader(client: S3Client, bucket: string): SiteReader {
  return {
    read: (key) =>
      within('the static-content bucket', CALL_MS, async (abortSignal) => {
        try {
          const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
            abortSignal,
          });
          // The signal destroys the connection, and with it a body that does not end.
          if (!(Body instanceof Readable)) throw new Error(`${key} came without a body`);
          return { body: await collect(Body, key, ContentLength) };
        } catch (error) {
          if (isAbsent(error)) return undefined;
          throw error;
        }
      }),
  };
}

/**
 * Without s3:ListBucket, which the role does not have, S3 answers 403 for a key that does not exist. A permission that is
 * really missing cannot hide behind this: health needs the index page.
 */
function isAbsent(error: unknown): boolean {
  if (error instanceof NoSuchKey) return true;
  return error instanceof S3ServiceException && error.name === 'AccessDenied';
}

async function collect(body: Readable, key: string, announced: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = announced > MOST_BYTES ? announced : 0;
  if (size === 0) {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > MOST_BYTES) break;
      chunks.push(chunk);
    }
  }
  if (size <= MOST_BYTES) return Buffer.concat(chunks);
  body.destroy();
  throw new Error(`${key} has more than ${MOST_BYTES} bytes`);
}
