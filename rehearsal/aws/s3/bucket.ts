import type { BucketSettings } from './settings';

/** One version of an object. */
export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array | string;
  readonly contentType: string | undefined;
  readonly versionId: string;
  readonly etag: string;
  /** When it was written here, milliseconds since 1970. */
  readonly at: number;
  /** When the original was written: the same for its replica. */
  readonly writtenAt: number;
  readonly replica: boolean;
}

/** One bucket: all versions, the latest last. */
export class Bucket {
  readonly name: string;
  private readonly versions = new Map<string, StoredObject[]>();

  constructor(readonly settings: BucketSettings) {
    this.name = settings.name;
  }

  current(key: string): StoredObject | undefined {
    return this.versions.get(key)?.at(-1);
  }

  /** A replica keeps its place among the versions by the time of its original (S3 guide, "Replication", metadata is kept). */
  put(object: StoredObject): void {
    const versions = this.versions.get(object.key);
    if (versions === undefined || !this.settings.versioned) this.versions.set(object.key, [object]);
    else {
      const later = versions.findIndex(({ writtenAt }) => writtenAt > object.writtenAt);
      versions.splice(later < 0 ? versions.length : later, 0, object);
    }
  }

  /** Takes every version of an object away. */
  erase(key: string): void {
    this.versions.delete(key);
  }

  /** The current version of every object. */
  currents(): readonly StoredObject[] {
    return [...this.versions.values()].flatMap((versions) => versions.at(-1) ?? []);
  }

  /** All versions of one object, oldest first. */
  history(key: string): readonly StoredObject[] {
    return this.versions.get(key) ?? [];
  }
}
