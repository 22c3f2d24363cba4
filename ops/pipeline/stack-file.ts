import { parseDocument } from 'yaml';
import { pullRequestOf, TEMPLATE_STACK } from './stack-name';

/** The stack whose file a stack's configuration comes from: itself, or for a pull request the template. */
export function sourceStackOf(stack: string): string {
  return pullRequestOf(stack) === undefined ? stack : TEMPLATE_STACK;
}

/** What goes into the file of a stack for one run of a pipeline. */
export interface StackFile {
  readonly stack: string;
  /** The text of the file of `sourceStackOf(stack)`. */
  readonly source: string;
  /** `awskms://...`; undefined: the file is for a plan only, which has no state. */
  readonly secretsProvider: string | undefined;
}

/**
 * The text of `Pulumi.<stack>.yaml` for one run: the suffix of a pull request, and who encrypts the state.
 *
 * The second is written every time, because a fresh clone's file does not have it: `pulumi stack select --create` only heeds
 * `--secrets-provider` when it creates (pulumi/pulumi#5650). Without `encryptedkey` Pulumi makes a new data key and encrypts
 * the state anew (its cloud secrets manager); no key of our configuration is a secret, so nothing is lost with the old one.
 *
 * @throws Error when the source is no YAML.
 */
export function stackFileText({ stack, source, secretsProvider }: StackFile): string {
  const document = parseDocument(source);
  if (document.errors[0] !== undefined)
    throw new Error(`Pulumi.${sourceStackOf(stack)}.yaml: ${document.errors[0].message}`);
  if (pullRequestOf(stack) !== undefined) document.setIn(['config', 'tap:environmentSuffix'], stack);
  if (secretsProvider !== undefined) document.set('secretsprovider', secretsProvider);
  return document.toString();
}
