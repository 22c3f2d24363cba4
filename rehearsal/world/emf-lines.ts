import type { MetricDatum } from '../aws/ports';

/** The part of a line that says what its metrics are. */
interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly StorageResolution?: number }[];
}

/** Lines of the embedded format of ours and of Powertools carry the key somewhere; the logger's own do not. */
const MARK = '"_aws":';

/**
 * The values that CloudWatch Logs reads from a line in embedded metric format; undefined where the line is no such thing
 * (CloudWatch user guide, "Specification: Embedded metric format").
 */
export function readEmf(line: string): readonly MetricDatum[] | undefined {
  if (!line.includes(MARK)) return undefined;
  const fields: unknown = JSON.parse(line);
  if (!isRecord(fields) || !isRecord(fields['_aws'])) return undefined;
  const { Timestamp: at, CloudWatchMetrics: directives } = fields['_aws'];
  if (typeof at !== 'number' || !isList(directives) || !directives.every(isDirective)) return undefined;
  return directives.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name, StorageResolution }) =>
        valuesOf(fields[Name]).map((value) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(fields[name])])),
          value,
          at,
          resolution: StorageResolution === 1 ? (1 as const) : (60 as const),
        })),
      ),
    ),
  );
}

function isDirective(value: unknown): value is Directive {
  if (!isRecord(value)) return false;
  const { Namespace, Dimensions, Metrics } = value;
  return (
    typeof Namespace === 'string' &&
    isList(Dimensions) &&
    Dimensions.every((names) => isList(names) && names.every((name) => typeof name === 'string')) &&
    isList(Metrics) &&
    Metrics.every((metric) => isRecord(metric) && typeof metric['Name'] === 'string' && isResolution(metric))
  );
}

function isResolution({ StorageResolution }: Readonly<Record<string, unknown>>): boolean {
  return StorageResolution === undefined || typeof StorageResolution === 'number';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function valuesOf(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
}
