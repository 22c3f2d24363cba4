import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { within } from './deadline';
import { describeError, MalformedError, PlatformError } from './errors';

/** The called function failed, or did not answer; what it did meanwhile is unknown. */
export class CallError extends PlatformError {
  override readonly name = 'CallError';
}

/** How one function of ours calls another in its own region. */
export interface FunctionCalls {
  /**
   * Calls and waits for the answer.
   *
   * @param limitMs milliseconds for all of it.
   * @throws CallError when there is no answer, MalformedError when it has another form.
   */
  ask<S extends z.core.$ZodType>(
    functionName: string,
    request: object,
    answer: S,
    limitMs: number,
  ): Promise<z.output<S>>;
  /**
   * Has Lambda take the event, and does not wait for what becomes of it.
   *
   * @throws CallError when Lambda does not take it.
   */
  start(functionName: string, event: object): Promise<void>;
}

/** What a failed function leaves as its answer (Lambda developer guide, "Lambda function errors in Node.js"). */
const failure = z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) });

/** Calls through one client, whose time-outs and attempts bound each of them besides the limit. */
export function createFunctionCalls(client: LambdaClient): FunctionCalls {
  async function invoke(functionName: string, payload: object, type: 'RequestResponse' | 'Event', signal: AbortSignal) {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: type,
      Payload: Buffer.from(JSON.stringify(payload)),
    });
    try {
      return await client.send(command, { abortSignal: signal });
    } catch (cause) {
      throw new CallError(`${functionName} cannot be called: ${describeError(cause)}`, { cause });
    }
  }

  return {
    ask: (functionName, request, answer, limitMs) =>
      within(limitMs, functionName, async (signal) => {
        const { FunctionError, Payload } = await invoke(functionName, request, 'RequestResponse', signal);
        const body = parseJson(functionName, Payload);
        if (FunctionError !== undefined) throw new CallError(`${functionName} failed: ${whyOf(body)}`);
        const parsed = z.safeParse(answer, body);
        if (parsed.success) return parsed.data;
        throw new MalformedError(`the answer of ${functionName} is malformed`, { cause: parsed.error });
      }),
    async start(functionName, event) {
      await invoke(functionName, event, 'Event', new AbortController().signal);
    },
  };
}

function parseJson(functionName: string, payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (cause) {
    throw new MalformedError(`the answer of ${functionName} is not JSON`, { cause });
  }
}

function whyOf(body: unknown): string {
  const parsed = z.safeParse(failure, body);
  if (!parsed.success) return 'it says nothing';
  return `${parsed.data.errorType ?? 'Error'}: ${parsed.data.errorMessage ?? ''}`;
}
