import { text } from '../../../analysis/graph/graph';
import { NotModelledError } from '../service';
import { keyArnOf, textIn } from '../sqs/input';
import type { GraphResource } from '../../../analysis/graph/graph';
import type { WireFields } from '../service';

export type ParameterType = 'SecureString' | 'String' | 'StringList';

/** One parameter, its latest version. */
export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly type: ParameterType;
  readonly value: string;
  readonly description: string | undefined;
  readonly version: number;
  readonly tier: 'Advanced' | 'Standard';
  readonly keyArn: string | undefined;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  readonly tags: ReadonlyMap<string, string>;
}

/** Systems Manager guide, "Managing parameter tiers": bytes of a value. */
export const STANDARD_BYTES = 4_096;
export const ADVANCED_BYTES = 8_192;

export function isParameterType(type: string | undefined): type is ParameterType {
  return type === 'SecureString' || type === 'String' || type === 'StringList';
}

/** A name with a leading slash is a path and part of the ARN as it stands (Systems Manager guide, "Parameter names"). */
export function parameterArn(region: string, account: string, name: string): string {
  return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

/** Intelligent tiering takes the cheaper tier that is large enough, and never the way back from Advanced. */
export function tierOf(bytes: number, before: Parameter | undefined): Parameter['tier'] {
  return bytes > STANDARD_BYTES || before?.tier === 'Advanced' ? 'Advanced' : 'Standard';
}

/** As the stack made it before the run. */
export function parameterOf(resource: GraphResource, now: number): Parameter {
  const { inputs, outputs } = resource;
  const type = textIn(inputs, 'type');
  if (!isParameterType(type)) throw new NotModelledError(`${resource.urn}: a parameter of type ${type ?? 'none'}`);
  const value = text(inputs, 'value');
  return {
    name: text(inputs, 'name'),
    arn: text(outputs, 'arn'),
    type,
    value,
    description: textIn(inputs, 'description'),
    version: 1,
    tier: tierOf(Buffer.byteLength(value), undefined),
    keyArn: keyArnOf(textIn(inputs, 'keyId'), resource.urn),
    modifiedAt: now,
    tags: new Map(),
  };
}

/** Systems Manager API reference, Parameter. */
export function wireOf({ name, arn, type, value, version, modifiedAt }: Parameter): WireFields {
  return {
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: new Date(modifiedAt),
    ARN: arn,
    DataType: 'text',
  };
}
