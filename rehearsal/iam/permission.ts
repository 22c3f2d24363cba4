import { text, type Graph, type GraphResource } from '../../analysis/graph/graph';
import { NotModelledError } from '../aws/service';

/** What `aws lambda add-permission` knows beyond the part that is modelled. */
const NOT_MODELLED = ['eventSourceToken', 'functionUrlAuthType', 'principalOrgId', 'invokedViaFunctionUrl'];

/** A statement of a function's resource policy, as AddPermission writes it. */
export interface PermissionStatement {
  /** Without a qualifier. */
  readonly functionArn: string;
  readonly document: object;
}

/**
 * The policy that one `aws:lambda/permission:Permission` stands for: a source ARN becomes ArnLike, a source account StringEquals
 * (Lambda developer guide, "Viewing resource-based IAM policies in Lambda", and API reference, AddPermission).
 *
 * @throws NotModelledError for a function that the graph does not have, or an input that is not modelled.
 */
export function permissionStatement(graph: Graph, permission: GraphResource): PermissionStatement {
  const { name, inputs, region } = permission;
  const other = NOT_MODELLED.find((input) => inputs[input] !== undefined);
  if (other !== undefined) throw new NotModelledError(`iam: ${other} of the permission ${name} is not modelled`);
  const wanted = text(inputs, 'function');
  const found = graph
    .all('aws:lambda/function:Function')
    .find((one) => one.outputs['arn'] === wanted || (one.outputs['name'] === wanted && one.region === region));
  if (!found) throw new NotModelledError(`iam: the permission ${name} is for ${wanted}, which the graph does not have`);
  const functionArn = text(found.outputs, 'arn');
  const { qualifier, sourceArn, sourceAccount } = inputs;
  const principal = text(inputs, 'principal');
  const condition = {
    ...(sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(sourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
  };
  const statement = {
    Effect: 'Allow',
    Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: text(inputs, 'action'),
    Resource: typeof qualifier === 'string' ? `${functionArn}:${qualifier}` : functionArn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
  return { functionArn, document: { Version: '2012-10-17', Statement: [statement] } };
}
