import * as secretsmanager from '@pulumi/aws/secretsmanager';
import * as pulumi from '@pulumi/pulumi';
import { readCredentials } from './database-credentials';
import type { DatabaseCredentials } from './database-credentials';
import type { PerRegion, Region, Regions } from '../regions';

/** Which existing secret to read. */
export interface DatabaseSecretArgs {
  /** The same name in both regions: dr's is a replica of primary's. */
  readonly databaseSecretName: string;
  readonly regions: Regions;
}

/**
 * The existing database secret (N9): read, never created. Both regions must hold it, because a handler in dr that read
 * primary's would die with primary.
 */
export class DatabaseSecret extends pulumi.ComponentResource {
  /** The region's own copy, for its functions. */
  readonly secretArns: PerRegion<pulumi.Output<string>>;
  /** Settled when both regions have answered; rejected when one has no secret, or primary's is none that RDS would take. */
  readonly found: Promise<unknown>;
  /** For the new cluster; the password stays encrypted in the state. */
  readonly credentials: { readonly username: pulumi.Output<string>; readonly password: pulumi.Output<string> };

  constructor(
    name: string,
    { databaseSecretName, regions }: DatabaseSecretArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('tap:foundation:DatabaseSecret', name, {}, opts);
    const primary = this.find(databaseSecretName, regions.primary);
    const dr = this.find(databaseSecretName, regions.dr, regions.primary.name);
    this.secretArns = { primary: pulumi.output(primary), dr: pulumi.output(dr) };
    const credentials = primary.then((arn) => this.read(databaseSecretName, arn, regions.primary));
    this.found = Promise.all([credentials, dr]);
    const content = pulumi.secret(credentials);
    this.credentials = { username: pulumi.unsecret(content.username), password: pulumi.secret(content.password) };
    this.registerOutputs({});
  }

  /** @throws RunError that says in which region the secret is missing, and the command that adds it. */
  private async find(databaseSecretName: string, region: Region, from?: string): Promise<string> {
    try {
      const found = await secretsmanager.getSecret(
        { name: databaseSecretName },
        { parent: this, provider: region.provider },
      );
      return found.arn;
    } catch (error) {
      const remedy = from
        ? `aws secretsmanager replicate-secret-to-regions --secret-id ${databaseSecretName} --add-replica-regions Region=${region.name} --region ${from}`
        : `aws secretsmanager create-secret --name ${databaseSecretName} --secret-string '{"username":"...","password":"..."}' --region ${region.name}`;
      throw new pulumi.RunError(
        `databaseSecretName "${databaseSecretName}": cannot be read in ${region.name} (${region.role}): ` +
          `${error instanceof Error ? error.message : String(error)}. Nothing was created. If it is missing there: ${remedy}`,
      );
    }
  }

  /** @throws RunError that says what is wrong with the value and never repeats any of it. */
  private async read(databaseSecretName: string, arn: string, region: Region): Promise<DatabaseCredentials> {
    const about = `databaseSecretName "${databaseSecretName}" in ${region.name} (${region.role})`;
    const version = await secretsmanager
      .getSecretVersion({ secretId: arn }, { parent: this, provider: region.provider })
      .catch((error: unknown) => {
        throw new pulumi.RunError(
          `${about}: its value cannot be read: ${error instanceof Error ? error.message : String(error)}. Nothing was created. ` +
            'It takes secretsmanager:GetSecretValue, and kms:Decrypt with the key of the secret',
        );
      });
    const reading = readCredentials(version.secretString);
    if (reading.ok) return reading.credentials;
    throw new pulumi.RunError(
      `${about}: ${reading.problems.join('; ')}. Nothing was created. Put right: aws secretsmanager put-secret-value ` +
        `--region ${region.name} --secret-id ${databaseSecretName} --secret-string '{"username":"...","password":"..."}'`,
    );
  }
}

/**
 * A transformation that holds every resource of the stack back until both regions have shown their secret, and something else
 * has passed: a missing replica is then found before anything is created, also by an `up` that skips the preview. It waits
 * for a promise and not for an output: Pulumi searches what an output holds for unknown values, twice for every resource, and
 * from one resource reaches 1,500 objects.
 */
export function holdUntilFound(
  secret: () => DatabaseSecret,
  passed: () => Promise<unknown>,
): pulumi.ResourceTransformation {
  let found: Promise<pulumi.Resource> | undefined;
  return ({ type, props, opts }) => {
    if (!type.startsWith('aws:')) return undefined;
    found ??= Promise.all([secret().found, passed()]).then(() => secret());
    return { props, opts: { ...opts, dependsOn: [...explicit(opts.dependsOn), found] } };
  };
}

/** What a resource says itself that it must wait for. Written out, because `mergeOptions` costs a third of an evaluation. */
function explicit(dependsOn: pulumi.ResourceOptions['dependsOn']): pulumi.Input<pulumi.Resource>[] {
  if (dependsOn === undefined) return [];
  if (Array.isArray(dependsOn)) return [...dependsOn];
  if (pulumi.Resource.isInstance(dependsOn)) return [dependsOn];
  throw new Error('dependsOn must be a list of resources: a list that is itself an output is not supported here');
}
