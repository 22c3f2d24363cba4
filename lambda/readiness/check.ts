import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { RDSClient } from '@aws-sdk/client-rds';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { monitorAnswer } from '../shared/calls';
import { within } from '../shared/deadline';
import { describeError } from '../shared/errors';
import type { FunctionCalls } from '../shared/invoke';
import type { Quorum } from '../shared/register/record';
import type { RegisterPort } from '../shared/register/register-store';
import {
  countAvailableInstances,
  readCluster,
  readCode,
  readFleetMaximum,
  readGlobalCluster,
  readSecret,
} from './facts';
import type { Fact, ReadinessFacts } from './judge';

/** What the checks ask. */
export interface CheckPorts {
  readonly rds: RDSClient;
  readonly lambdaHere: LambdaClient;
  readonly lambdaThere: LambdaClient;
  readonly calls: Pick<FunctionCalls, 'ask'>;
  readonly autoScaling: AutoScalingClient;
  readonly secrets: SecretsManagerClient;
  readonly registers: RegisterPort;
  readonly quorum: Quorum;
}

/** What they ask about. */
export interface CheckSubjects {
  readonly globalClusterId: string;
  readonly ownClusterArn: string;
  /** `none` without a fleet. */
  readonly fleetGroup: string;
  readonly functionNames: readonly string[];
  readonly monitorFunction: string;
  readonly secretId: string;
}

/** The longest that one check takes, in milliseconds; they run side by side. */
const CHECK_MS = 8_000;

/** Asks everything at once. What cannot be asked is a fact that says why; nothing here rejects. */
export async function gatherFacts(ports: CheckPorts, subjects: CheckSubjects): Promise<ReadinessFacts> {
  const { rds, lambdaHere, lambdaThere, calls, autoScaling, secrets, registers, quorum } = ports;
  const { globalClusterId, ownClusterArn, fleetGroup, functionNames, monitorFunction, secretId } = subjects;
  const [globalCluster, cluster, availableInstances, secret, readings, here, there, fleetMaximum, lag] =
    await Promise.all([
      ask('the global cluster', () => readGlobalCluster(rds, globalClusterId)),
      ask('the cluster', () => readCluster(rds, ownClusterArn)),
      ask('the instances', () => countAvailableInstances(rds, ownClusterArn)),
      ask('the secret', () => readSecret(secrets, secretId)),
      registers.read(),
      ask('the code here', () => readCode(lambdaHere, functionNames)),
      ask('the code in the other region', () => readCode(lambdaThere, functionNames)),
      ask('the fleet', async () => (fleetGroup === 'none' ? 'none' : readFleetMaximum(autoScaling, fleetGroup))),
      ask('the lag', () => calls.ask(monitorFunction, { action: 'sample' }, monitorAnswer, CHECK_MS)),
    ]);
  return {
    globalCluster,
    cluster,
    availableInstances,
    secret,
    registers: {
      answered: readings.filter(({ known }) => known).length,
      all: quorum.locations.length,
      majority: quorum.majority,
    },
    code: { here, there },
    fleetMaximum,
    lag: lag.known ? lag.value : { kind: 'unknown', why: lag.why },
  };
}

async function ask<T>(what: string, work: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: true, value: await within(CHECK_MS, what, work) };
  } catch (error) {
    return { known: false, why: describeError(error) };
  }
}
