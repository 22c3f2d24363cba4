import { OutputsError, outputsSchema, parseOutputs, type DeploymentOutputs } from '../outputs-schema';
import type { OutputsPort } from './context';
import { TapError } from './errors';
import { EXIT } from './exit-codes';

export { outputsSchema };
/** The outputs that verbs go by. */
export type TapOutputs = DeploymentOutputs;

/**
 * The outputs of `--stack`, or those in the file, or those of the stack that Pulumi has selected: no verb asks for what it can
 * find out.
 *
 * @throws TapError saying what to do.
 */
export async function findOutputs(port: OutputsPort, stack: string | undefined): Promise<TapOutputs> {
  try {
    if (stack !== undefined) return parseOutputs(await port.pulumi(stack), `stack ${stack}`);
    const file = await port.file();
    if (file !== undefined) return parseOutputs(file, 'cfn-outputs/flat-outputs.json');
    return parseOutputs(await port.pulumi(undefined), 'the selected stack');
  } catch (error) {
    if (!(error instanceof OutputsError)) throw error;
    const hint =
      'Run "npx tap outputs" where the Pulumi CLI is, after "pulumi up", or bring cfn-outputs/flat-outputs.json here.';
    throw new TapError(EXIT.usage, `there are no outputs to go by: ${error.message}\n${hint}`, { cause: error });
  }
}
