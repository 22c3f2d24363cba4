import { text, type Graph, type GraphResource } from '../../analysis/graph/graph';
import { isValues } from '../../analysis/graph/wire';
import { parsePolicy, type PolicyKind } from '../../analysis/policies/document';
import { NotModelledError } from '../aws/service';
import type { HeldStatement } from './grants';
import { permissionStatement } from './permission';
import { accountOfGraph } from './read';

/** All policies of a graph, by what they are attached to. */
export interface GraphPolicies {
  readonly account: string;
  /** By the role's ARN. */
  readonly identities: ReadonlyMap<string, readonly HeldStatement[]>;
  /** By the ARN of the resource: keys, topics, queues, buckets, functions, and roles with their trust policies. */
  readonly resources: ReadonlyMap<string, readonly HeldStatement[]>;
}

/** Inputs that carry a policy document, by type: whatever else looks like one is an error, not passed over. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'aws:iam/role:Role': 'assumeRolePolicy',
  'aws:iam/rolePolicy:RolePolicy': 'policy',
  'aws:kms/key:Key': 'policy',
  'aws:s3/bucketPolicy:BucketPolicy': 'policy',
  'aws:sns/topicPolicy:TopicPolicy': 'policy',
  'aws:sqs/queuePolicy:QueuePolicy': 'policy',
};

/** Ways to give or take rights that no stack uses: attached policies, AWS's own among them, and boundaries. */
const NOT_MODELLED_TYPES =
  /^aws:(iam\/(rolePolicyAttachment|policyAttachment|rolePoliciesExclusive|policy|user|group)|kms\/(grant|keyPolicy)|lambda\/layerVersionPermission|(dynamodb|secretsmanager|s3control)\/[a-zA-Z]*[pP]olicy):/;
const NOT_MODELLED_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'aws:iam/role:Role': ['permissionsBoundary', 'managedPolicyArns', 'inlinePolicies'],
  'aws:s3/bucket:Bucket': ['policy'],
  'aws:sns/topic:Topic': ['policy'],
  'aws:sqs/queue:Queue': ['policy'],
};

/**
 * Reads every policy of a graph from the resources' own inputs.
 *
 * @throws PolicyError for a document that cannot be read; NotModelledError for a way to grant or deny that is not modelled.
 */
export function readPolicies(graph: Graph): GraphPolicies {
  graph.created.forEach(refuseWhatIsNotModelled);
  const roles = graph.all('aws:iam/role:Role');
  const arns = new Map(roles.map((role) => [text(role.outputs, 'name'), text(role.outputs, 'arn')]));
  const identities = new Map<string, HeldStatement[]>([...arns.values()].map((arn) => [arn, []]));
  for (const policy of graph.all('aws:iam/rolePolicy:RolePolicy')) {
    const role = text(policy.inputs, 'role');
    listAt(identities, arns.get(role) ?? unknownTarget(policy, role)).push(...held(policy, 'identity', role));
  }
  const resources = new Map<string, HeldStatement[]>();
  for (const { target, statements } of resourcePolicies(graph)) listAt(resources, target).push(...statements);
  return { account: accountOfGraph(graph), identities, resources };
}

interface ResourcePolicy {
  readonly target: string;
  readonly statements: readonly HeldStatement[];
}

function resourcePolicies(graph: Graph): readonly ResourcePolicy[] {
  const attached = (type: string, input: string, owner: string, key: string): ResourcePolicy[] =>
    graph.all(type).map((policy) => {
      const wanted = text(policy.inputs, input);
      const found = graph.all(owner).find(({ outputs }) => outputs[key] === wanted) ?? unknownTarget(policy, wanted);
      return { target: text(found.outputs, 'arn'), statements: held(policy, 'resource', '') };
    });
  const own = (type: string, kind: PolicyKind): ResourcePolicy[] =>
    graph
      .all(type)
      .map((resource) => ({ target: text(resource.outputs, 'arn'), statements: held(resource, kind, '') }));
  return [
    ...own('aws:iam/role:Role', 'trust'),
    ...own('aws:kms/key:Key', 'resource'),
    ...attached('aws:s3/bucketPolicy:BucketPolicy', 'bucket', 'aws:s3/bucket:Bucket', 'bucket'),
    ...attached('aws:sns/topicPolicy:TopicPolicy', 'arn', 'aws:sns/topic:Topic', 'arn'),
    ...attached('aws:sqs/queuePolicy:QueuePolicy', 'queueUrl', 'aws:sqs/queue:Queue', 'url'),
    ...graph.all('aws:lambda/permission:Permission').map((permission) => {
      const { functionArn, document } = permissionStatement(graph, permission);
      return { target: functionArn, statements: statementsOf(permission, document, 'resource', '') };
    }),
  ];
}

function held(resource: GraphResource, kind: PolicyKind, role: string): readonly HeldStatement[] {
  return statementsOf(resource, resource.inputs[DOCUMENTS[resource.type] ?? ''], kind, role);
}

/** One resource has one policy, so its type without the provider's part and its name are a label. */
function statementsOf(resource: GraphResource, document: unknown, kind: PolicyKind, role: string): HeldStatement[] {
  const { type, name } = resource;
  const where = `${type.slice(type.lastIndexOf(':') + 1)}:${name}`;
  return parsePolicy(where, document, kind).map((statement) => ({ statement, role, blame: `${type} ${name}` }));
}

function refuseWhatIsNotModelled({ type, name, inputs }: GraphResource): void {
  const refuse = (what: string): never => {
    throw new NotModelledError(`iam: ${what} of ${type} ${name} is not modelled`);
  };
  if (NOT_MODELLED_TYPES.test(type)) refuse('the policy');
  for (const input of NOT_MODELLED_INPUTS[type] ?? []) if (inputs[input] !== undefined) refuse(input);
  for (const [input, value] of Object.entries(inputs)) {
    if (input === DOCUMENTS[type]) continue;
    const isDocument =
      typeof value === 'string'
        ? /"Statement"\s*:/.test(value)
        : value !== undefined && isValues(value) && 'Statement' in value;
    if (isDocument) refuse(`the policy in ${input}`);
  }
}

function listAt(lists: Map<string, HeldStatement[]>, key: string): HeldStatement[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function unknownTarget({ type, name }: GraphResource, target: string): never {
  throw new NotModelledError(`iam: ${type} ${name} is attached to ${target}, which the graph does not have`);
}
