import { notModelled } from '../service';
import { keyNeeds } from '../sqs/access';
import { optionalText, requiredText } from '../sqs/input';
import { parameterArn, STANDARD_BYTES } from './parameter';
import { isBelow } from './path';
import type { Call, Need } from '../service';
import type { Parameter } from './parameter';

/** One region's parameters by name. */
export type Parameters = ReadonlyMap<string, Parameter>;

/**
 * What a call needs (service authorization reference, "AWS Systems Manager"; Systems Manager guide, "AWS KMS encryption for AWS
 * Systems Manager Parameter Store SecureString parameters"): a listing is asked for its path, and for the key of each secure
 * string below it; tags need a right of their own.
 */
export function ssmNeeds(call: Call, account: string, parameters: Parameters): readonly Need[] {
  const on = (name: string): string => parameterArn(call.region, account, name);
  switch (call.operation) {
    case 'GetParameter': {
      const name = requiredText(call, 'Name');
      return [{ action: 'ssm:GetParameter', resource: on(name) }, ...decrypting(call, parameters.get(name))];
    }
    case 'GetParametersByPath': {
      const path = requiredText(call, 'Path');
      const below = [...parameters.values()].filter(({ name }) => isBelow(path, name));
      const keys = below.flatMap((parameter) => decrypting(call, parameter));
      return [{ action: 'ssm:GetParametersByPath', resource: on(path) }, ...keys];
    }
    case 'PutParameter':
      return putNeeds(call, on(requiredText(call, 'Name')));
    case 'DeleteParameter':
      return [{ action: 'ssm:DeleteParameter', resource: on(requiredText(call, 'Name')) }];
    case 'ListTagsForResource':
      return [{ action: 'ssm:ListTagsForResource', resource: on(requiredText(call, 'ResourceId')) }];
    default:
      return notModelled(call);
  }
}

function decrypting(call: Call, parameter: Parameter | undefined): readonly Need[] {
  if (parameter?.keyArn === undefined || parameter.type !== 'SecureString') return [];
  return keyNeeds(['kms:Decrypt'], parameter.keyArn, `ssm.${call.region}`, ['PARAMETER_ARN', parameter.arn]);
}

/**
 * The right that tags need beside the call's own. Denials name an ARN with the whole name behind `parameter/`, its first slash
 * included (pepperize/cdk-ssm-parameters-cross-region, issue 442), and the service authorization reference the parameter's own: both
 * are asked for, so that neither can be forgotten.
 */
function tagNeeds(arn: string): readonly Need[] {
  return [arn, arn.replace(':parameter/', ':parameter//')].map((resource) => ({
    action: 'ssm:AddTagsToResource',
    resource,
  }));
}

/** A standard value is encrypted by the key itself, an advanced one by a data key. */
function putNeeds(call: Call, arn: string): readonly Need[] {
  const needs: Need[] = [{ action: 'ssm:PutParameter', resource: arn }];
  if (call.input['Tags'] !== undefined) needs.push(...tagNeeds(arn));
  const key = optionalText(call, 'KeyId');
  if (optionalText(call, 'Type') !== 'SecureString' || key === undefined) return needs;
  const standard = Buffer.byteLength(requiredText(call, 'Value')) <= STANDARD_BYTES;
  const action = standard ? 'kms:Encrypt' : 'kms:GenerateDataKey';
  return [...needs, ...keyNeeds([action], key, `ssm.${call.region}`, ['PARAMETER_ARN', arn])];
}
