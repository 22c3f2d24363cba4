import { type AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  GetAccountSettingsCommand,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  type LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { MalformedError } from '../../shared/errors';
import { parseStored } from '../../shared/stored';
import type { ConsumerState, Facts, FunctionState } from '../facts';
import { readEach } from './by-name';

// Everything here only reads, and rejects where nothing definite can be said; the clients' patience bounds each call.

/** Functions of the client's region, all at once. */
export async function readFunctions(lambda: LambdaClient, names: readonly string[]): Promise<Facts['functionsHere']> {
  return readEach(names, (name) => readFunction(lambda, name));
}

async function readFunction(lambda: LambdaClient, name: string): Promise<FunctionState | 'absent'> {
  try {
    const { CodeSha256, MemorySize, Timeout, Runtime, State } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    if (CodeSha256 === undefined) throw new MalformedError(`Lambda says nothing about the code of ${name}`);
    // Not the environment: to read it takes the key of every function, which nobody should have to count variables.
    const settings = { memory: String(MemorySize), runtime: String(Runtime), timeout: String(Timeout) };
    return { codeHash: CodeSha256, settings, ...(State && { state: State }) };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 'absent';
    throw error;
  }
}

/** State of each consumer of the client's region. */
export async function readConsumers(lambda: LambdaClient, ids: readonly string[]): Promise<Facts['consumers']> {
  return readEach(ids, (id) => readConsumer(lambda, id));
}

async function readConsumer(lambda: LambdaClient, id: string): Promise<ConsumerState> {
  try {
    // Lambda API reference, "EventSourceMappingConfiguration": LastModified is when the mapping, or its state, last changed.
    const { State, LastModified } = await lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
    if (State === undefined) throw new MalformedError(`Lambda says nothing about the consumer ${id}`);
    return { state: State, ...(LastModified && { changedAt: LastModified.getTime() }) };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { state: 'missing' };
    throw error;
  }
}

/** Concurrent executions of the client's region that no function has reserved. */
export async function readConcurrency(lambda: LambdaClient): Promise<number> {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const left = AccountLimit?.UnreservedConcurrentExecutions;
  if (left === undefined) throw new MalformedError('Lambda says nothing about the account’s limits');
  return left;
}

/** A statement of a function's policy, as AddPermission writes it. */
const permission = z.object({
  Effect: z.string(),
  Principal: z.union([z.string(), z.object({ Service: z.optional(z.string()) })]),
  Condition: z.optional(z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])))),
});
const policyForm = z.object({ Statement: z.array(permission) });

/** The sources on whose behalf CloudWatch's alarms may call a function; none where it has no policy. */
export async function readAlarmCallers(lambda: LambdaClient, name: string): Promise<readonly string[]> {
  try {
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: name }));
    const { Statement } = parseStored(policyForm, JSON.parse(Policy ?? ''), `the policy of ${name}`);
    return Statement.filter(({ Effect, Principal }) => Effect === 'Allow' && isAlarms(Principal)).flatMap(sourcesOf);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

/** Who calls a function for an alarm (CloudWatch user guide, "Invoke a Lambda function from an alarm"). */
function isAlarms(principal: z.output<typeof permission>['Principal']): boolean {
  return (typeof principal === 'string' ? principal : principal.Service) === 'lambda.alarms.cloudwatch.amazonaws.com';
}

function sourcesOf({ Condition = {} }: z.output<typeof permission>): readonly string[] {
  return Object.values(Condition).flatMap((keys) => keys['AWS:SourceArn'] ?? keys['aws:SourceArn'] ?? []);
}

/** An Auto Scaling group of the client's region. */
export async function readFleet(autoScaling: AutoScalingClient, group: string): Promise<Facts['fleetHere']> {
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
  );
  const found = AutoScalingGroups?.[0];
  if (!found) return 'absent';
  const { MinSize, MaxSize, Instances = [], LaunchTemplate } = found;
  if (MinSize === undefined || MaxSize === undefined)
    throw new MalformedError(`Auto Scaling does not describe ${group}`);
  // A group that follows `$Latest` says nothing about which version that is.
  const wanted = /^\d+$/.test(LaunchTemplate?.Version ?? '') ? LaunchTemplate?.Version : undefined;
  return {
    minimum: MinSize,
    maximum: MaxSize,
    inService: Instances.filter((one) => one.LifecycleState === 'InService' && one.HealthStatus === 'Healthy').length,
    outdated: Instances.filter(
      ({ LaunchTemplate: own }) => wanted !== undefined && own?.Version !== undefined && own.Version !== wanted,
    ).length,
  };
}
