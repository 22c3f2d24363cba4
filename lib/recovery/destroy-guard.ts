import * as lambda from '@pulumi/aws/lambda';
import type * as pulumi from '@pulumi/pulumi';
import type { DestroyInput } from '../../lambda/failover-orchestrator/may-destroy';
import type { Region } from '../regions';

/** Who is asked. */
export interface DestroyGuardArgs {
  readonly region: Region<'primary'>;
  /** The failover orchestrator of that region, by its name alone. */
  readonly orchestrator: { readonly physicalName: string };
}

const QUESTION: DestroyInput = { action: 'may-destroy' };

/**
 * Makes `pulumi destroy` refuse before it has deleted anything, where it would stop half way (N8): after a failover AWS
 * does not delete the writer in dr that primary's cluster follows. The AWS provider invokes the function when the guard
 * is deleted, and an error keeps the guard (resource aws_lambda_invocation, `lifecycle_scope = "CRUD"`); the guard
 * depends on everything in the stack, so Pulumi's engine deletes it first and alone, and nothing that it depends on
 * after it has failed, also with `--continue-on-error` (pulumi, pkg/resource/deploy: ScheduleDeletes,
 * TransitiveDependenciesOf).
 *
 * A resource hook (`beforeDelete`) would do without a function, but runs only where the program does: a plain `pulumi
 * destroy` is then refused in every state, and `--run-program` needs a build, a whole evaluation, and whoever destroys
 * to know of it.
 *
 * The function is named in plain text: nothing else may replace the guard, which would invoke it for a deletion during
 * an `up` (`function_name` is the one input that does). No triggers: new code invokes nothing, and a refresh reads
 * nothing.
 *
 * @param stack the component that everything stands in: depending on it, Pulumi's SDK depends on every resource below.
 */
export function createDestroyGuard(
  stack: pulumi.ComponentResource,
  { region, orchestrator }: DestroyGuardArgs,
): lambda.Invocation {
  return new lambda.Invocation(
    'destroy-guard',
    {
      functionName: orchestrator.physicalName,
      input: JSON.stringify(QUESTION),
      lifecycleScope: 'CRUD',
    },
    { parent: stack, provider: region.provider, dependsOn: [stack] },
  );
}
