import type { ModelledBehaviour } from '../aws/fidelity';

/** What of IAM the rehearsal models. Tests: test/analysis/policies.test.ts and test/rehearsal/iam. */
export const IAM_BEHAVIOURS: readonly ModelledBehaviour[] = [
  {
    behaviour: 'An explicit deny in any policy wins; else one allow is enough; else the request is denied.',
    model: 'simplified',
    how: 'Identity and resource policies of one account; no SCPs, boundaries, sessions or other accounts, because the graph has none (a boundary is an error).',
    source: 'IAM user guide, "Policy evaluation for requests within a single account"',
    test: 'an explicit deny in the identity policy wins over an allow in the bucket policy',
  },
  {
    behaviour: 'Action, Resource and their Not forms match with * and ?; actions without case, resources with it.',
    model: 'exact',
    how: 'Over the whole text, also across colons; policy variables are an error.',
    source: 'IAM user guide, "IAM JSON policy elements: Action" and "Resource"',
    test: 'the same as a regular expression, for every pattern and text',
  },
  {
    behaviour:
      'A condition with a missing key is false, unless the operator is negated, IfExists, Null or ForAllValues.',
    model: 'exact',
    how: 'String, ARN, numeric, Bool and Null operators with set prefixes; dates, addresses and binaries are errors.',
    source: 'IAM user guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys"',
    test: 'what a missing key does to each kind of operator',
  },
  {
    behaviour: "A key's policy must admit a caller; naming the account hands the decision to IAM policies.",
    model: 'exact',
    how: 'Both grants are set down. A key outside the graph is taken to have the default key policy (assumed).',
    source: 'KMS developer guide, "Key policies" and "Default key policy"',
    test: 'a key admits through its account statement what the role may, and nothing without it',
  },
  {
    behaviour:
      'A service invokes a function only for the source ARN and account of a permission; a mapping needs none.',
    model: 'exact',
    how: 'Every permission is the statement that AddPermission writes: ArnLike and StringEquals.',
    source: 'Lambda developer guide, "Working with resource-based IAM policies in Lambda"',
    test: 'who invokes which function, and for which source',
  },
  {
    behaviour:
      'lambda:SourceFunctionArn is set in calls of the function code and not in those that Lambda makes with the role.',
    model: 'exact',
    how: "By the caller's name and region, which are the function's own in its calls and `lambda` in Lambda's.",
    source: 'Lambda developer guide, "Using source function ARN to control function access behavior"',
    test: 'Lambda attaches a function to its VPC with the role, and the code of the function may not',
  },
  {
    behaviour:
      'Around an invocation Lambda takes the role, decrypts the environment, attaches to the VPC, logs and traces.',
    model: 'simplified',
    how: 'All of it at every invocation; in AWS most of it happens when an environment starts or a function is made.',
    source: 'Lambda developer guide, "Defining Lambda function permissions with an execution role" and VPC permissions',
    test: 'everything that AWS itself does is allowed in every stack, and uses what only AWS can use',
  },
  {
    behaviour:
      'Canaries, bucket replication, flow logs, log groups, volumes and instances use their roles and keys all the time.',
    model: 'simplified',
    how: 'Once per run, with one object for each rule; the six uses of a key as the four key policy pages list them.',
    source:
      'CloudWatch "Required roles and permissions for canaries"; S3 "Setting up permissions for live replication"; VPC, CloudWatch Logs and Auto Scaling guides, key policies',
    test: 'everything that AWS itself does is allowed in every stack, and uses what only AWS can use',
  },
];
