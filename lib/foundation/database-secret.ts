import * as secretsmanager from '@pulumi/aws/secretsmanager';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { PerRegion, Region, Regions } from '../regions';

/** Which existing secret to read. */
export interface DatabaseSecretArgs {
  /** The same name in both regions: dr's is a replica of primary's. */
  readonly databaseSecretName: string;
  readonly regions: Regions;
}

/** What the secret's text must hold. */
const secretText = z.object({ username: z.string().min(1), password: z.string().min(8) });

/**
 * The existing database secret (N9): read, never created. Both regions must hold it, because a handler in dr that read
 * primary's would die with primary.
 */
export class DatabaseSecret extends pulumi.ComponentResource {
  /** The region's own copy, for its functions. */
  readonly secretArns: PerRegion<pulumi.Output<string>>;
  /** Settled when both regions have answered; rejected when one has no secret. */
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
    this.found = Promise.all([primary, dr]);
    const version = secretsmanager.getSecretVersionOutput(
      { secretId: this.secretArns.primary },
      { parent: this, provider: regions.primary.provider },
    );
    const content = pulumi.secret(version.secretString).apply((text) => parseSecret(databaseSecretName, text));
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
}

/** @throws RunError that names what is missing and never repeats the secret. */
function parseSecret(name: string, text: string): z.infer<typeof secretText> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = secretText.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new pulumi.RunError(
    `databaseSecretName "${name}": the secret must be JSON text with "username" and "password" (at least 8 characters)`,
  );
}

/**
 * A transformation that holds every resource of the stack back until both regions have shown their secret, and something else
 * has passed: a missing replica is then found before anything is created, also by an `up` that skips the preview. It waits
 * for a promise and not for an output: Pulumi searches what an output holds for unknown values, twice for every resource, and
 * from one resource reaches 1,500 objects.
 */
export function holdUntilFound(secret: () => DatabaseSecret, passed: Promise<unknown>): pulumi.ResourceTransformation {
  let found: Promise<pulumi.Resource> | undefined;
  return ({ type, props, opts }) => {
    if (!type.startsWith('aws:')) return undefined;
    found ??= Promise.all([secret().found, passed]).then(() => secret());
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
