import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Invokes a deployed function and waits. @throws Error with the function's own words when it failed. */
export async function invoke(region: string, functionName: string, event: unknown): Promise<unknown> {
  const client = new LambdaClient({ region });
  const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) });
  const { Payload, FunctionError } = await client.send(command).finally(() => client.destroy());
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError) throw new Error(`${functionName} in ${region} failed: ${answer}`);
  return answer === '' ? undefined : JSON.parse(answer);
}
