import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { candidatesFor, decide, type Decision } from '../../analysis/policies/decide';
import { parsePolicy, type Statement } from '../../analysis/policies/document';
import { fillPolicy, parseWords } from '../../ops/pipeline/policy-words';
import { ROOT } from './workflow-files';

const FOLDER = path.join(ROOT, '.github/iam');

export const ACCOUNT = '123456789012';

/** What stands in capitals in the files, and what a test puts there; STACK is given with each question. */
const VALUES: Readonly<Record<string, string>> = {
  ACCOUNT_ID: ACCOUNT,
  STATE_BUCKET: 'pulumi-state',
  STATE_REGION: 'eu-west-1',
  STATE_KEY_ID: '1234abcd-12ab-34cd-56ef-1234567890ab',
  PRIMARY_REGION: 'eu-central-1',
  DR_REGION: 'eu-central-2',
  HOSTED_ZONE_ID: 'Z0',
  DOMAIN: 'trading.example.com',
  SECRET_NAME: 'trading/database',
  OWNER: 'octo-org',
  OWNER_ID: '65',
  REPOSITORY: 'platform',
  REPOSITORY_ID: '74',
  ENVIRONMENT: 'dev',
};

/** The policies of .github/iam by name, as they stand there. */
export const policyTexts: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [path.basename(file, '.json'), readFileSync(path.join(FOLDER, file), 'utf8')]),
);

/** A policy for one kind of stack: `dev`, or `pr-*`. */
export function filled(name: string, stack: string): string {
  const text = policyTexts[name];
  if (text === undefined) throw new Error(`there is no .github/iam/${name}.json`);
  const words = Object.entries({ ...VALUES, STACK: stack }).map(([word, value]) => `${word}=${value}`);
  return fillPolicy(text, parseWords(words));
}

export const DEPLOY = ['state', 'deploy-by-name', 'deploy-by-tag', 'deploy-roles'];

/** Of the roles that only destroy: after a pull request was closed, and at night. */
export const DESTROY = ['state', 'deploy-by-name', 'deploy-by-tag', 'destroy-roles'];

/** What is asked, and what AWS would know of it. */
export interface Ask {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** A role with these policies, for one kind of stack. */
export class PipelineRole {
  private readonly statements: readonly Statement[];

  constructor(stack: string, names: readonly string[] = DEPLOY) {
    this.statements = names.flatMap((name) => parsePolicy(name, filled(name, stack), 'identity'));
  }

  ask({ action, resource, context = {} }: Ask): Decision {
    const asker = { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/pipeline`, account: ACCOUNT } as const;
    const candidates = candidatesFor(this.statements, { asker, action, resource });
    return decide(candidates, [], asker, 'either', ({ key }) => context[key]);
  }

  may(ask: Ask): boolean {
    return this.ask(ask).allowed;
  }
}
