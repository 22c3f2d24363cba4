import { text, type GraphResource } from '../../analysis/graph/graph';
import type { Caller, Need } from '../aws/service';
import { accountIn, objectOf, regionOf, textsOf } from './read';
import { assumption, type ServiceAction } from './service-action';

const ROLE = 'Lambda developer guide, "Defining Lambda function permissions with an execution role"';
const LOGS = 'Lambda developer guide, "Sending Lambda function logs to CloudWatch Logs", required permissions';
const TRACES =
  'Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray", execution role permissions';
const KEY = 'Lambda developer guide, "Securing Lambda environment variables", permissions for customer managed keys';
const VPC =
  'Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC", required IAM permissions';

/** Lambda, acting with a function's role: not the function's own code, which the condition `lambda:SourceFunctionArn` tells apart. */
export function lambdaFor(fn: GraphResource): Caller {
  return { principal: text(fn.inputs, 'role'), from: regionOf(fn), name: 'lambda' };
}

/**
 * What Lambda does around every invocation of a function, from the function's own properties: takes the role, decrypts its
 * environment, attaches it to its VPC, writes its log and its traces.
 */
export function implicitNeeds(fn: GraphResource): readonly ServiceAction[] {
  const caller = lambdaFor(fn);
  const region = caller.from;
  const act = (source: string, ...needs: readonly Need[]) =>
    needs.map((need): ServiceAction => ({ caller, need, call: { region }, source }));
  return [
    assumption('lambda.amazonaws.com', caller.principal, region, ROLE),
    ...act(KEY, ...environmentNeeds(fn)),
    ...act(VPC, ...networkNeeds(fn)),
    ...act(LOGS, ...logNeeds(fn)),
    ...act(TRACES, ...traceNeeds(fn)),
  ];
}

function environmentNeeds(fn: GraphResource): readonly Need[] {
  const { kmsKeyArn, environment } = fn.inputs;
  if (typeof kmsKeyArn !== 'string' || environment === undefined) return [];
  return [
    {
      action: 'kms:Decrypt',
      resource: kmsKeyArn,
      context: {
        'kms:ViaService': [`lambda.${regionOf(fn)}.amazonaws.com`],
        'kms:EncryptionContext:aws:lambda:FunctionArn': [text(fn.outputs, 'arn')],
      },
    },
  ];
}

/** The six actions that the page requires. Lambda creates, uses and removes interfaces in the function's subnets and groups. */
function networkNeeds(fn: GraphResource): readonly Need[] {
  const vpcConfig = objectOf(fn.inputs['vpcConfig']);
  if (vpcConfig === undefined) return [];
  const ec2 = `arn:aws:ec2:${regionOf(fn)}:${accountIn(text(fn.outputs, 'arn'))}:`;
  const networkInterface = `${ec2}network-interface/eni-of-lambda`;
  const places = [
    networkInterface,
    ...textsOf(vpcConfig['subnetIds']).map((id) => `${ec2}subnet/${id}`),
    ...textsOf(vpcConfig['securityGroupIds']).map((id) => `${ec2}security-group/${id}`),
  ];
  return [
    ...places.map((resource) => ({ action: 'ec2:CreateNetworkInterface', resource })),
    { action: 'ec2:DescribeNetworkInterfaces', resource: '*' },
    { action: 'ec2:DescribeSubnets', resource: '*' },
    ...['ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'].map(
      (action) => ({ action, resource: networkInterface }),
    ),
  ];
}

/** A log stream's ARN for both: in policies a group's ARN ends in `:*` (CloudWatch Logs guide, "resources and operations"). */
function logNeeds(fn: GraphResource): readonly Need[] {
  const named = objectOf(fn.inputs['loggingConfig'])?.['logGroup'];
  const group = typeof named === 'string' ? named : `/aws/lambda/${text(fn.outputs, 'name')}`;
  const resource = `arn:aws:logs:${regionOf(fn)}:${accountIn(text(fn.outputs, 'arn'))}:log-group:${group}:log-stream:of-an-environment`;
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource }));
}

function traceNeeds(fn: GraphResource): readonly Need[] {
  if (objectOf(fn.inputs['tracingConfig'])?.['mode'] !== 'Active') return [];
  return ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({ action, resource: '*' }));
}
