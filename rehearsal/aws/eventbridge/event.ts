/** JSON, as an event carries it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** An event as a service of AWS puts it on the default bus; EventBridge adds id, account, region and version. */
export interface PutEvent {
  /** `aws.rds`. */
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: JsonObject;
  /** ARNs. */
  readonly resources?: readonly string[];
  /** Milliseconds since 1970. @default now */
  readonly at?: number;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
