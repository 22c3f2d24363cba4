import { compileCondition, type Condition } from './condition';
import { compileExcept, compilePattern, type Pattern } from './pattern';

/** Whom a statement of a resource's policy is about. */
export type Principal =
  | { readonly kind: 'everyone'; readonly value: '*' }
  /** An ARN of a role or user, or of an account: `arn:aws:iam::123456789012:root`. */
  | { readonly kind: 'aws' | 'service'; readonly value: string };

/** One statement, ready to be asked. */
export interface Statement {
  /** Where it stands: the policy's name and the statement's Sid, or its number. Unique. */
  readonly label: string;
  /** The Sid, or `#` and the number. */
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly Pattern[];
  readonly resources: readonly Pattern[];
  /** Undefined in an identity's policy: whoever it is attached to. */
  readonly principals: readonly Principal[] | undefined;
  readonly conditions: readonly Condition[];
}

/** What a policy is attached to: an identity, a resource, or a role as its trust policy, which names no resource. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** A policy document that AWS would refuse, or that has an element that is not modelled. */
export class PolicyError extends Error {
  override name = 'PolicyError';
}

type Fields = Readonly<Record<string, unknown>>;

const ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
/** The language version with all its present elements; the older one is its own default and reads wildcards otherwise. */
const VERSION = '2012-10-17';

/**
 * Reads a policy document (IAM user guide, "IAM JSON policy element reference").
 *
 * @param where the name under which its statements are known.
 * @param document JSON text or the parsed object.
 * @throws PolicyError that names the policy and the element: nothing is ever passed over.
 */
export function parsePolicy(where: string, document: unknown, kind: PolicyKind): readonly Statement[] {
  const fields = fieldsOf(where, typeof document === 'string' ? json(where, document) : document);
  refuseUnknown(where, fields, ['Version', 'Id', 'Statement']);
  if (fields['Version'] !== VERSION) throw new PolicyError(`${where}: Version must be ${VERSION}`);
  const statements = Array.isArray(fields['Statement']) ? fields['Statement'] : [fields['Statement']];
  const read = statements.map((statement: unknown, index) => parseStatement(where, statement, index, kind));
  const labels = read.map(({ label }) => label);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) throw new PolicyError(`${where}: two statements are called ${twice}`);
  return read;
}

function parseStatement(where: string, document: unknown, index: number, kind: PolicyKind): Statement {
  const fields = fieldsOf(where, document);
  const sid = fields['Sid'] === undefined ? `#${index}` : stringOf(where, 'Sid', fields['Sid']);
  const label = `${where}/${sid}`;
  refuseUnknown(label, fields, ELEMENTS);
  const effect = fields['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError(`${label}: Effect must be Allow or Deny`);
  return {
    label,
    sid,
    effect,
    actions: patternsOf(label, fields, 'Action', true),
    resources: kind === 'trust' ? theRole(label, fields) : patternsOf(label, fields, 'Resource', false),
    principals: principalsOf(label, fields['Principal'], kind),
    conditions: conditionsOf(label, fields['Condition']),
  };
}

/** A trust policy is about the role that carries it and nothing else. */
function theRole(label: string, fields: Fields): readonly Pattern[] {
  if ('Resource' in fields || 'NotResource' in fields)
    throw new PolicyError(`${label}: a trust policy has no Resource`);
  return [compilePattern('*')];
}

function patternsOf(
  label: string,
  fields: Fields,
  element: 'Action' | 'Resource',
  ignoreCase: boolean,
): readonly Pattern[] {
  const except = `Not${element}`;
  if (element in fields === except in fields)
    throw new PolicyError(`${label}: needs ${element} or ${except}, not both`);
  const patterns = listOf(label, element, fields[element] ?? fields[except]).map((text) => {
    if (text.includes('${')) throw new PolicyError(`${label}: policy variables are not modelled: ${text}`);
    if (element === 'Action' && text !== '*' && !/^[a-z0-9-]+:[\w*?]+$/i.test(text))
      throw new PolicyError(`${label}: ${text} is no action`);
    if (element === 'Resource' && text !== '*' && !text.startsWith('arn:'))
      throw new PolicyError(`${label}: ${text} is neither an ARN nor *`);
    return compilePattern(text, { ignoreCase });
  });
  return except in fields ? [compileExcept(except, patterns)] : patterns;
}

function principalsOf(label: string, value: unknown, kind: PolicyKind): readonly Principal[] | undefined {
  if (kind === 'identity') {
    if (value !== undefined) throw new PolicyError(`${label}: an identity's policy has no Principal`);
    return undefined;
  }
  if (value === '*') return [{ kind: 'everyone', value }];
  return Object.entries(fieldsOf(`${label}: Principal`, value)).flatMap(([type, names]) => {
    if (type !== 'AWS' && type !== 'Service')
      throw new PolicyError(`${label}: a principal of type ${type} is not modelled`);
    return listOf(label, 'Principal', names).map((name): Principal => {
      if (type === 'Service') return { kind: 'service', value: name };
      if (name === '*') return { kind: 'everyone', value: name };
      // AWS accepts no pattern here: a principal with one would match nobody.
      if (/[*?]/.test(name)) throw new PolicyError(`${label}: a principal takes no wildcards: ${name}`);
      return { kind: 'aws', value: /^\d{12}$/.test(name) ? `arn:aws:iam::${name}:root` : name };
    });
  });
}

function conditionsOf(label: string, value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  return Object.entries(fieldsOf(`${label}: Condition`, value)).flatMap(([operator, keys]) =>
    Object.entries(fieldsOf(`${label}: ${operator}`, keys)).map(([key, wanted]) => {
      try {
        return compileCondition(operator, key, scalarsOf(label, key, wanted));
      } catch (error) {
        throw new PolicyError(`${label}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
}

function scalarsOf(label: string, element: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw new PolicyError(`${label}: ${element} must be text or a list of texts`);
  });
}

function listOf(label: string, element: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PolicyError(`${label}: ${element} is empty`);
  return list.map((item) => stringOf(label, element, item));
}

function stringOf(label: string, element: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new PolicyError(`${label}: ${element} must be text`);
}

function fieldsOf(label: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw new PolicyError(`${label}: must be an object`);
}

function refuseUnknown(label: string, fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((field) => !known.includes(field));
  if (unknown !== undefined) throw new PolicyError(`${label}: the element ${unknown} is not modelled`);
}

function json(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError(`${where}: is not JSON`);
  }
}
