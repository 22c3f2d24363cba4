import * as pulumi from '@pulumi/pulumi';

/** One statement of an IAM or resource policy, in AWS's own words. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect?: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
  >;
}

/** A policy document as JSON text; statements allow unless they say otherwise. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

/** A role's trust policy: statements without a resource, because the role itself is it. */
export function trustPolicy(statements: readonly Omit<PolicyStatement, 'Resource'>[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

/** Trust policy that lets one AWS service take a role. */
export function assumableBy(service: string): pulumi.Output<string> {
  return trustPolicy([{ Action: 'sts:AssumeRole', Principal: { Service: service } }]);
}

/**
 * Refuses every caller's request to a resource that does not come over TLS (D8). AWS's own services (log delivery, alarms)
 * are left to the statements that name them, as in AWS's data perimeter policies: they are no callers on a network of ours.
 */
export function tlsOnly(actions: string, resources: PolicyStatement['Resource']): PolicyStatement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: actions,
    Resource: resources,
    Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  };
}
