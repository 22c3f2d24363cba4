import { answered, notModelled, refused } from '../service';
import { isFields, onlyKnown, optionalText, requiredText } from '../sqs/input';
import { Bucket } from './bucket';
import { getNeeds, listNeeds, putNeeds } from './needs';
import { S3_NATURE } from './nature';
import { Replication } from './replication';
import { bucketsOf } from './settings';
import type { Graph } from '../../../analysis/graph/graph';
import type { Random } from '../../kernel/random';
import type { Answer, Call, Need, Reply, Service } from '../service';
import type { StoredObject } from './bucket';
import type { S3Nature } from './nature';
import type { S3World } from './replication';

const NO_KEY = refused('NoSuchKey', 'The specified key does not exist.', 404);
const DENIED = refused('AccessDenied', 'Access Denied', 403);
const NO_BUCKET = refused('NoSuchBucket', 'The specified bucket does not exist', 404);
const ELSEWHERE = refused(
  'PermanentRedirect',
  'The bucket you are attempting to access must be addressed elsewhere.',
  301,
);
const BUCKET_ONLY = new Set(['Bucket']);
const FIELDS = new Set(['Bucket', 'Key', 'Body', 'IfNoneMatch', 'ContentType', 'Headers']);

/** S3 in all regions of a stack: PutObject, GetObject, default encryption, replication and what it is set to. */
export class S3 implements Service {
  readonly name = 's3';
  private readonly random: Random;
  private readonly buckets: ReadonlyMap<string, Bucket>;
  private readonly replication: Replication;

  constructor(
    graph: Graph,
    private readonly world: S3World,
    nature: S3Nature = S3_NATURE,
  ) {
    this.random = world.random.stream('s3');
    this.buckets = new Map(bucketsOf(graph).map((settings) => [settings.name, new Bucket(settings)]));
    const offset = Math.floor(this.random.between(nature.metricsAtMs));
    this.replication = new Replication({ ...world, random: this.random }, nature, offset);
  }

  needs(call: Call): readonly Need[] {
    const bucket = this.buckets.get(requiredText(call, 'Bucket'));
    if (call.operation === 'GetBucketReplication')
      return bucket ? [{ action: 's3:GetReplicationConfiguration', resource: bucket.settings.arn }] : [];
    if (call.operation !== 'PutObject' && call.operation !== 'GetObject') notModelled(call);
    if (bucket === undefined) return [];
    if (call.operation === 'GetObject') return getNeeds(bucket.settings, requiredText(call, 'Key'));
    return putNeeds(bucket.settings, requiredText(call, 'Key'), optionalText(call, 'IfNoneMatch'));
  }

  handle(call: Call, reply: Reply): void {
    if (call.operation === 'GetBucketReplication') {
      onlyKnown(call, BUCKET_ONLY);
      reply(this.describeReplication(call));
      return;
    }
    onlyKnown(call, FIELDS);
    if (call.operation === 'PutObject') reply(this.put(call));
    else if (call.operation === 'GetObject') reply(this.get(call));
    else notModelled(call);
  }

  /**
   * The current version of every object of a bucket, for the judge.
   * @throws RangeError for a bucket that the region has not.
   */
  objects(region: string, bucket: string): readonly StoredObject[] {
    return this.bucket(region, bucket).currents();
  }

  /** All versions of one object, oldest first. */
  versions(region: string, bucket: string, key: string): readonly StoredObject[] {
    return this.bucket(region, bucket).history(key);
  }

  /** Objects of a bucket that wait for their copy. */
  unreplicated(bucket: string): readonly StoredObject[] {
    return this.replication.pendingFrom(bucket);
  }

  /**
   * Somebody with the rights takes an object away, every version of it; S3 does not copy such a deletion (S3 guide, "What does
   * Amazon S3 replicate?").
   * @throws RangeError for a bucket that the region has not.
   */
  erase(region: string, bucket: string, key: string): void {
    this.bucket(region, bucket).erase(key);
  }

  /** The region is lost: what it holds is kept, and copied later. */
  silence(region: string): void {
    this.replication.silence(region);
  }

  restore(region: string): void {
    this.replication.restore(region);
  }

  /** S3 API reference, GetBucketReplication, and its error for a bucket without rules. Rules that are switched off are left out. */
  private describeReplication(call: Call): Answer {
    const bucket = this.addressed(call);
    if (!(bucket instanceof Bucket)) return bucket;
    const { replication } = bucket.settings;
    if (replication === undefined) {
      const message = 'The replication configuration was not found';
      return refused('ReplicationConfigurationNotFoundError', message, 404);
    }
    return answered({
      Role: replication.role,
      Rules: replication.rules.map(({ id, priority, prefix, destination, timed }) => ({
        ID: id,
        Priority: priority,
        Filter: { Prefix: prefix },
        Status: 'Enabled',
        Destination: {
          Bucket: `arn:aws:s3:::${destination}`,
          ...(timed && { ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } } }),
        },
      })),
    });
  }

  /** Who may not list a bucket is not told that something is not there (S3 API reference, GetObject, "Permissions"). */
  private get(call: Call): Answer {
    const found = this.addressed(call);
    if (!(found instanceof Bucket)) return found;
    const key = requiredText(call, 'Key');
    const object = found.current(key);
    if (object === undefined)
      return this.world.access.allows(call.caller, listNeeds(found.settings, key)) ? NO_KEY : DENIED;
    return answered({ Body: object.body, ETag: object.etag, ContentType: object.contentType });
  }

  /** The bucket that a call names, or why not. */
  private addressed(call: Call): Bucket | Answer {
    const bucket = this.buckets.get(requiredText(call, 'Bucket'));
    if (bucket === undefined) return NO_BUCKET;
    return bucket.settings.region === call.region ? bucket : ELSEWHERE;
  }

  private put(call: Call): Answer {
    const key = requiredText(call, 'Key');
    const bucket = this.addressed(call);
    if (!(bucket instanceof Bucket)) return bucket;
    const { settings } = bucket;
    const ifNoneMatch = optionalText(call, 'IfNoneMatch');
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') notModelled(call, 'IfNoneMatch with an entity tag');
    if (ifNoneMatch === '*' && bucket.current(key) !== undefined) {
      return refused('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
    const object = this.object(call, key);
    bucket.put(object);
    this.replicate(bucket, object);
    return answered({
      ETag: object.etag,
      ...(settings.versioned && { VersionId: object.versionId }),
      ...(settings.keyArn !== undefined && {
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: settings.keyArn,
        BucketKeyEnabled: settings.bucketKey,
      }),
    });
  }

  private object(call: Call, key: string): StoredObject {
    const body = call.input['Body'];
    if (typeof body !== 'string' && !(body instanceof Uint8Array))
      notModelled(call, 'a body that is neither bytes nor text');
    const now = this.world.clock.now();
    // Of an object that is encrypted with KMS the tag is no digest of it (S3 API reference, Object, "ETag").
    const versionId = this.random.uuid().replaceAll('-', '');
    const contentType = optionalText(call, 'ContentType') ?? header(call, 'content-type');
    return { key, body, contentType, versionId, etag: `"${versionId}"`, at: now, writtenAt: now, replica: false };
  }

  /** The first rule that fits, by priority; of two with the same destination only one counts. */
  private replicate(bucket: Bucket, object: StoredObject): void {
    const copied = new Set<string>();
    for (const rule of bucket.settings.replication?.rules ?? []) {
      const to = this.buckets.get(rule.destination);
      if (to === undefined || copied.has(to.name) || !object.key.startsWith(rule.prefix)) continue;
      copied.add(to.name);
      this.replication.start(bucket, to, rule, object);
    }
  }

  private bucket(region: string, name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket?.settings.region !== region) throw new RangeError(`${region} has no bucket ${name}`);
    return bucket;
  }
}

function header(call: Call, name: string): string | undefined {
  const headers = call.input['Headers'];
  const value = isFields(headers) ? headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
