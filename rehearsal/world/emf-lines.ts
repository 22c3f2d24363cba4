import * as z from 'zod/mini';
import type { MetricDatum } from '../aws/ports';

const metric = z.object({ Name: z.string(), StorageResolution: z.optional(z.number()) });
const directive = z.object({
  Namespace: z.string(),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(metric),
});
const envelope = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(directive) }),
});

/** Lines of the embedded format of ours and of Powertools carry the key somewhere; the logger's own do not. */
const MARK = '"_aws":';

/**
 * The values that CloudWatch Logs reads from a line in embedded metric format; undefined where the line is no such thing
 * (CloudWatch user guide, "Specification: Embedded metric format").
 */
export function readEmf(line: string): readonly MetricDatum[] | undefined {
  if (!line.includes(MARK)) return undefined;
  const parsed = z.safeParse(envelope, JSON.parse(line));
  if (!parsed.success) return undefined;
  const { _aws, ...fields } = parsed.data;
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name, StorageResolution }) =>
        valuesOf(fields[Name]).map((value) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(fields[name])])),
          value,
          at: _aws.Timestamp,
          resolution: StorageResolution === 1 ? 1 : 60,
        })),
      ),
    ),
  );
}

function valuesOf(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
}
