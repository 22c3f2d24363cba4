import { answered, notModelled, NotModelledError, refused } from '../service';
import { keyNeeds } from '../sqs/access';
import { accountOf, oncePerGraph, onlyKnown, requiredText } from '../sqs/input';
import type { Graph } from '../../../analysis/graph/graph';
import type { Clock } from '../../kernel/clock';
import type { Random, Range } from '../../kernel/random';
import type { Answer, Call, Need, Reply, Service } from '../service';

/** What the existing database secret holds. */
export interface DatabaseCredentials {
  readonly username: string;
  readonly password: string;
}

/** What Secrets Manager needs of the world. */
export interface SecretsWorld {
  readonly clock: Clock;
  readonly random: Random;
}

/** What Secrets Manager does differently from run to run. */
export interface SecretsNature {
  /** From a change in the primary region until a replica has it, milliseconds. Assumed: AWS gives no time. */
  readonly replicationMs: Range;
}

export const SECRETS_NATURE: SecretsNature = { replicationMs: { least: 500, most: 10_000 } };

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly keyArn: string;
  value: DatabaseCredentials;
  version: string;
  changedAt: number;
  deletedAt: number | undefined;
}

const ID_ONLY = new Set(['SecretId']);

const SECRET_ARN = /^arn:aws:secretsmanager:([a-z0-9-]+):\d{12}:secret:(.+)-[A-Za-z0-9]{6}$/;

/** Days from DeleteSecret until the secret is gone (Secrets Manager API reference, DeleteSecret), milliseconds. */
const RECOVERY_MS = 30 * 86_400_000;

/**
 * The existing database secret: a primary secret and its replicas, found where the stack found them. Nothing in a stack describes
 * it, so its ARNs are those that functions are given, and its home is the region in which the program read its text.
 */
export class SecretsManager implements Service {
  readonly name = 'secretsmanager';
  private readonly random: Random;
  private readonly secrets: readonly Secret[];
  private readonly home: string | undefined;

  constructor(
    graph: Graph,
    private readonly world: SecretsWorld,
    credentials: DatabaseCredentials,
    private readonly nature: SecretsNature = SECRETS_NATURE,
  ) {
    this.random = world.random.stream('secretsmanager');
    const read = graph.invokes.find(({ token }) => token === 'aws:secretsmanager/getSecretVersion:getSecretVersion');
    const arns = secretArns(graph);
    this.home = read?.region ?? arns[0]?.region;
    const version = this.random.uuid();
    this.secrets = arns.map((secret) => ({
      ...secret,
      // Of a customer's key it is not known more than that it is one: the stricter case for those who read.
      keyArn: `arn:aws:kms:${secret.region}:${accountOf(graph)}:key/of-the-existing-secret`,
      value: credentials,
      version,
      changedAt: world.clock.now(),
      deletedAt: undefined,
    }));
  }

  needs(call: Call): readonly Need[] {
    const secret = this.find(call);
    if (call.operation !== 'GetSecretValue' && call.operation !== 'DescribeSecret') notModelled(call);
    if (secret === undefined) return [];
    const need: Need = { action: `secretsmanager:${call.operation}`, resource: secret.arn };
    if (call.operation === 'DescribeSecret') return [need];
    const service = `secretsmanager.${secret.region}`;
    return [need, ...keyNeeds(['kms:Decrypt'], secret.keyArn, service, ['SecretARN', secret.arn])];
  }

  handle(call: Call, reply: Reply): void {
    onlyKnown(call, ID_ONLY);
    const secret = this.find(call);
    if (call.operation !== 'GetSecretValue' && call.operation !== 'DescribeSecret') notModelled(call);
    if (secret === undefined) {
      reply(refused('ResourceNotFoundException', "Secrets Manager can't find the specified secret."));
    } else if (call.operation === 'DescribeSecret') reply(answered(this.describe(secret)));
    else reply(valueOf(secret));
  }

  /** A new password: at home at once, in the replicas a little later. */
  rotate(credentials: DatabaseCredentials): void {
    const version = this.random.uuid();
    for (const secret of this.secrets) {
      const delay = secret.region === this.home ? 0 : this.random.between(this.nature.replicationMs);
      this.world.clock.after(delay, () => {
        secret.value = credentials;
        secret.version = version;
        secret.changedAt = this.world.clock.now();
      });
    }
  }

  /** Fault: somebody deletes a region's secret, which then waits for its deletion and cannot be read. */
  scheduleDeletion(region: string): void {
    for (const secret of this.secrets)
      if (secret.region === region) secret.deletedAt = this.world.clock.now() + RECOVERY_MS;
  }

  /** Secrets Manager API reference, DescribeSecret: replicas are listed where the secret is at home. */
  private describe({ arn, name, region, keyArn, changedAt, version, deletedAt }: Secret) {
    const replicas = this.secrets.filter((other) => other.region !== this.home);
    return {
      ARN: arn,
      Name: name,
      KmsKeyId: keyArn,
      LastChangedDate: new Date(changedAt),
      VersionIdsToStages: { [version]: ['AWSCURRENT'] },
      ...(this.home !== undefined && { PrimaryRegion: this.home }),
      ...(deletedAt !== undefined && { DeletedDate: new Date(deletedAt) }),
      ...(region === this.home && {
        ReplicationStatus: replicas.map((other) => ({
          Region: other.region,
          KmsKeyId: other.keyArn,
          Status: other.version === version ? 'InSync' : 'InProgress',
        })),
      }),
    };
  }

  /** By ARN or by name, in the region that is asked. */
  private find(call: Call): Secret | undefined {
    const id = requiredText(call, 'SecretId');
    return this.secrets.find(({ arn, name, region }) => region === call.region && (arn === id || name === id));
  }
}

function valueOf({ arn, name, value, version, changedAt, deletedAt }: Secret): Answer {
  if (deletedAt !== undefined) {
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    return refused('InvalidRequestException', message);
  }
  return answered({
    ARN: arn,
    Name: name,
    VersionId: version,
    SecretString: JSON.stringify(value),
    VersionStages: ['AWSCURRENT'],
    CreatedDate: new Date(changedAt),
  });
}

/** @throws NotModelledError when functions of one region are given different secrets. */
const secretArns = oncePerGraph((graph): readonly Pick<Secret, 'arn' | 'name' | 'region'>[] => {
  const found = new Map<string, Pick<Secret, 'arn' | 'name' | 'region'>>();
  for (const { inputs, urn } of graph.all('aws:lambda/function:Function')) {
    const environment = inputs['environment'];
    if (typeof environment !== 'object' || environment === null || !('variables' in environment)) continue;
    for (const value of Object.values(environment['variables'] ?? {})) {
      const [arn, region = '', name = ''] = SECRET_ARN.exec(typeof value === 'string' ? value : '') ?? [];
      if (arn === undefined) continue;
      const other = found.get(region);
      if (other !== undefined && other.arn !== arn) throw new NotModelledError(`${urn}: a second secret in ${region}`);
      found.set(region, { arn, name, region });
    }
  }
  return [...found.values()];
});
