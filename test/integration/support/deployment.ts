import { OUTPUTS_FILE, readOutputs } from '../../../ops/outputs-file';
import type { DeploymentOutputs } from '../../../ops/outputs-file';

/** The deployed stack under test, or undefined when nothing was deployed from this folder. */
export const outputs: DeploymentOutputs | undefined = readOutputs();

/** An emulator's address; undefined when the stack is in AWS. */
export const emulatorEndpoint: string | undefined = process.env['AWS_ENDPOINT_URL'];

/** Whether this machine can reach the database: true only when it serves it to a local stack. */
export const databaseIsLocal =
  outputs?.databaseTls === 'disable' && /^(127\.0\.0\.1|localhost)$/.test(outputs.databaseHost);

export const MISSING = `skipped: ${OUTPUTS_FILE} is not there; deploy a stack, then "npm run outputs"`;

/** Set by the global set-up to what this emulator was found not to carry. */
export const GAP_VARIABLE = 'INTEGRATION_GAP_PARAMETERS_BY_PATH';
/** The same, of policies that name a metric namespace or a resource of RDS or Auto Scaling. */
export const POLICIES_GAP_VARIABLE = 'INTEGRATION_GAP_POLICIES';

/** What a flow needs beyond a deployed stack; each reason is said when the flow is skipped. */
export interface Needs {
  /** Why an emulator cannot carry the flow. */
  readonly aws?: string;
  /** The flow looks into PostgreSQL, which is private in AWS. */
  readonly database?: boolean;
  /** The flow writes the lease that a live stack's heartbeat owns. */
  readonly ownsLease?: boolean;
  /** The flow lists parameters under a policy that names their path. */
  readonly parametersByPath?: boolean;
  /** The flow needs what functions may do by policies that name a metric namespace, a database or a fleet. */
  readonly policies?: boolean;
}

/** Declares one flow: it runs, or it is skipped under its own name with the reason. */
export function flow(
  title: string,
  needs: Needs,
  run: (stack: DeploymentOutputs) => Promise<void>,
  limitMs?: number,
): void {
  const reason = whyNot(needs);
  const stack = outputs;
  if (reason !== undefined || stack === undefined)
    test.skip(`${title} [skipped: ${reason ?? 'no outputs file'}]`, () => undefined);
  else test(title, () => run(stack), limitMs);
}

function whyNot({ aws, database, ownsLease, parametersByPath, policies }: Needs): string | undefined {
  if (outputs === undefined) return 'no outputs file';
  if (aws !== undefined && emulatorEndpoint !== undefined) return `an emulator cannot: ${aws}`;
  if (database && !databaseIsLocal) return 'the database is private to the VPC';
  if (ownsLease && emulatorEndpoint === undefined) return "a live stack's lease belongs to its heartbeat";
  const gap = process.env[GAP_VARIABLE];
  if (parametersByPath && gap !== undefined) return `this emulator cannot: ${gap}`;
  const policiesGap = process.env[POLICIES_GAP_VARIABLE];
  if (policies && policiesGap !== undefined) return `this emulator cannot: ${policiesGap}`;
  return undefined;
}

/** The regions under test, primary first. */
export const regionsOf = (stack: DeploymentOutputs): readonly [string, string] => [stack.primaryRegion, stack.drRegion];

/** Where one region's API answers: its regional name, or the emulator's address of the same API and stage. */
export function apiUrl(stack: DeploymentOutputs, role: 'primary' | 'dr', path: string): string {
  if (emulatorEndpoint === undefined) return `${role === 'primary' ? stack.primaryEndpoint : stack.drEndpoint}${path}`;
  const api = role === 'primary' ? stack.primaryRestApiId : stack.drRestApiId;
  return `${emulatorEndpoint}/restapis/${api}/${stack.stageName}/_user_request_${path}`;
}

/** Asks until the answer satisfies, or fails telling the last answer. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
  limitMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`${what} did not come true within ${limitMs / 1000} s; last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
