/** JSON as a service's wire carries it, after its protocol was taken off. Blobs are Uint8Array, times are Date or ISO text. */
export type Wire = undefined | null | boolean | number | string | Date | Uint8Array | readonly Wire[] | WireFields;
export interface WireFields {
  readonly [key: string]: Wire;
}

/** The endpoint prefix of a service: the signing name that IAM knows, `dynamodb`, `rds`, `cloudwatch` and so on. */
export type ServiceName =
  | 'autoscaling'
  | 'cloudwatch'
  | 'dynamodb'
  | 'lambda'
  | 'rds'
  | 'route53'
  | 's3'
  | 'secretsmanager'
  | 'sns'
  | 'sqs'
  | 'ssm';

/** Who calls: a function by its role, or a part of AWS by its service principal. */
export interface Caller {
  /** `arn:aws:iam::123456789012:role/heartbeat-eu-central-1-dev`, or `events.amazonaws.com`. */
  readonly principal: string;
  /** Where the call comes from: a region's name. */
  readonly from: string;
  /** For the trace: the function's name, `heartbeat-dev`. */
  readonly name: string;
}

/** One attempt of an API call, when it arrives at the service. */
export interface Call {
  /** The endpoint's region; `global` for Route 53's control plane. */
  readonly region: string;
  readonly service: ServiceName;
  /** `GetItem`. */
  readonly operation: string;
  readonly input: WireFields;
  readonly caller: Caller;
}

/** What the service answers. */
export type Answer =
  { readonly ok: true; readonly output: WireFields } | { readonly ok: false; readonly error: ServiceError };

/** An error as the service names it. */
export interface ServiceError {
  /** The wire's code, `ConditionalCheckFailedException`, `InvalidGlobalClusterStateFault`. */
  readonly code: string;
  readonly message: string;
  /** HTTP status: 400 is the caller's fault, 500 and more the service's. */
  readonly status: number;
  /** Further fields of the error's shape. */
  readonly fields?: WireFields;
}

/** One thing that a call needs to be allowed to do, as IAM's service authorization reference has it. */
export interface Need {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** The ARN, or `*` where the action knows no resource. */
  readonly resource: string;
  /** Condition keys of this call beyond the general ones, `cloudwatch:namespace`. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** A service's answer takes its own time: at once, or told through the function given. */
export type Reply = (answer: Answer) => void;

/** One simulated service, all regions of it. */
export interface Service {
  readonly name: ServiceName;
  /** What the call needs from its caller's policies; nothing is done here. */
  needs(call: Call): readonly Need[];
  /**
   * Does the call and replies exactly once, in this event or in a later one. An operation or an input that is not modelled is
   * answered with an error that says so, never with a guess (`notModelled`).
   */
  handle(call: Call, reply: Reply): void;
}

export const answered = (output: WireFields = {}): Answer => ({ ok: true, output });

export function refused(code: string, message: string, status = 400, fields?: WireFields): Answer {
  return { ok: false, error: { code, message, status, ...(fields && { fields }) } };
}

/** The simulation's own failure: it must reach whoever runs the rehearsal, not only the handler that called. */
export class NotModelledError extends Error {
  override name = 'NotModelledError';
}

/** @throws NotModelledError always: the run ends with it and is no proof of anything. */
export function notModelled(call: Pick<Call, 'service' | 'operation'>, what = 'the operation'): never {
  throw new NotModelledError(`${call.service} ${call.operation}: ${what} is not modelled`);
}

/** A text field of a call's input; empty where it is absent, which no resource is named. */
export function fieldText(input: WireFields, key: string): string {
  const value = input[key];
  return typeof value === 'string' ? value : '';
}
