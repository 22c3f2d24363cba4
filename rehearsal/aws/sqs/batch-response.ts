import type { InvocationResult } from '../ports';

/**
 * Which messages of a batch are done (Lambda guide, "Handling errors for an SQS event source in Lambda").
 *
 * Without ReportBatchItemFailures any answer is success. With it: an empty or null answer, or an empty or null list, is success;
 * an identifier that is empty, null, misnamed or not of this batch fails the whole batch, and so does an answer of another form.
 */
export function doneOf(
  result: InvocationResult,
  messageIds: readonly string[],
  reportsItemFailures: boolean,
): readonly string[] {
  if (result.kind !== 'returned') return [];
  if (!reportsItemFailures) return messageIds;
  const failed = failedIn(result.payload);
  if (failed === undefined || failed.some((id) => !messageIds.includes(id))) return [];
  return messageIds.filter((id) => !failed.includes(id));
}

/** Undefined: the answer cannot be read. */
function failedIn(payload: unknown): readonly string[] | undefined {
  if (payload === null || payload === undefined) return [];
  if (typeof payload !== 'object' || Array.isArray(payload)) return undefined;
  if (!('batchItemFailures' in payload)) return Object.keys(payload).length === 0 ? [] : undefined;
  const { batchItemFailures: failures } = payload;
  if (failures === null || failures === undefined) return [];
  if (!Array.isArray(failures)) return undefined;
  const ids: string[] = [];
  for (const failure of failures as readonly unknown[]) {
    if (typeof failure !== 'object' || failure === null || !('itemIdentifier' in failure)) return undefined;
    if (typeof failure.itemIdentifier !== 'string' || failure.itemIdentifier === '') return undefined;
    ids.push(failure.itemIdentifier);
  }
  return ids;
}
