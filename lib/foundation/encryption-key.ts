import * as kms from '@pulumi/aws/kms';
import * as pulumi from '@pulumi/pulumi';

import { physicalName } from '../naming';
import type { Region } from '../regions';
import { keyPolicy } from './key-policy';

/** What a region's key is made for. */
export interface EncryptionKeyArgs {
  readonly environmentSuffix: string;
  readonly accountId: pulumi.Input<string>;
  readonly region: Region;
  /** How long a deleted key can still be rescued, in days, 7 to 30. */
  readonly kmsDeletionDays: number;
  /** Regions whose topics may deliver to encrypted queues of this one. @default this region alone */
  readonly topicRegions?: readonly string[];
}

/**
 * The one key of a region that encrypts everything at rest there (D8).
 *
 * It is a single-Region key on purpose: no ciphertext travels, and dr must never need a key that lives in the region it is
 * leaving. Whatever it encrypts refers to `keyArn`, so that a destroy takes the key last.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** What every store, topic, queue and log group of the region names as its key. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:foundation:EncryptionKey', name, {}, opts);
    const { environmentSuffix, accountId, region, kmsDeletionDays } = args;

    const key = new kms.Key(
      `${name}-key`,
      {
        description: `Encrypts all data of ${environmentSuffix} in ${region.name}`,
        enableKeyRotation: true,
        multiRegion: false,
        deletionWindowInDays: kmsDeletionDays,
        policy: keyPolicy(accountId, region.name, args.topicRegions ?? [region.name]),
      },
      { parent: this },
    );
    new kms.Alias(
      `${name}-alias`,
      { name: `alias/${physicalName('KMS alias', 'data', environmentSuffix)}`, targetKeyId: key.keyId },
      { parent: this },
    );

    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }
}
