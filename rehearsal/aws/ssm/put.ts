import { notModelled } from '../service';
import { isFields, optionalText, requiredText } from '../sqs/input';
import { ADVANCED_BYTES, isParameterType, parameterArn, STANDARD_BYTES, tierOf } from './parameter';
import type { Call, ServiceError, Wire } from '../service';
import type { Parameter } from './parameter';

const refusal = (code: string, message: string): ServiceError => ({ code, message, status: 400 });

/** Whose parameter is put, and when. */
export interface PutContext {
  readonly account: string;
  readonly now: number;
  readonly before: Parameter | undefined;
}

/** What PutParameter makes of what is there, or why it refuses (Systems Manager API reference, PutParameter). */
export function putParameter(call: Call, { account, now, before }: PutContext): Parameter | ServiceError {
  const name = requiredText(call, 'Name');
  const value = requiredText(call, 'Value');
  const overwrite = call.input['Overwrite'] === true;
  const tags = tagsOf(call);
  const bytes = Buffer.byteLength(value);
  const intelligent = optionalText(call, 'Tier') === 'Intelligent-Tiering';

  if (before !== undefined && !overwrite) {
    const message =
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
    return refusal('ParameterAlreadyExists', message);
  }
  if (overwrite && tags.size > 0) {
    const message =
      "tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag.";
    return refusal('ValidationException', `Invalid request: ${message}`);
  }
  const type = optionalText(call, 'Type') ?? before?.type;
  if (!isParameterType(type))
    return refusal('ValidationException', 'A parameter type is required when you create a parameter.');
  if (before !== undefined && before.type !== type) {
    return refusal('HierarchyTypeMismatchException', `The parameter ${name} is of type ${before.type}.`);
  }
  if (bytes > (intelligent ? ADVANCED_BYTES : STANDARD_BYTES)) {
    return refusal('ValidationException', `Parameter value, ${bytes} bytes, exceeds the limit of its tier.`);
  }
  return {
    name,
    arn: parameterArn(call.region, account, name),
    type,
    value,
    description: before?.description,
    version: (before?.version ?? 0) + 1,
    tier: intelligent ? tierOf(bytes, before) : (before?.tier ?? 'Standard'),
    keyArn: optionalText(call, 'KeyId') ?? before?.keyArn,
    modifiedAt: now,
    tags: overwrite ? (before?.tags ?? tags) : tags,
  };
}

export function tagsOf(call: Call): ReadonlyMap<string, string> {
  const tags = call.input['Tags'];
  if (tags === undefined || tags === null) return new Map();
  if (!Array.isArray(tags)) return notModelled(call, 'Tags that are no list');
  return new Map(tags.map((tag: Wire) => pairOf(call, tag)));
}

function pairOf(call: Call, tag: Wire): [string, string] {
  const { Key: key, Value: value } = isFields(tag) ? tag : {};
  if (typeof key !== 'string' || typeof value !== 'string') return notModelled(call, 'a tag without Key and Value');
  return [key, value];
}
