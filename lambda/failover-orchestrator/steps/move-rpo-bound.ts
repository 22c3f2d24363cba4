import {
  ModifyDBClusterParameterGroupCommand,
  type RDSClient,
  ResetDBClusterParameterGroupCommand,
} from '@aws-sdk/client-rds';
import { describeError } from '../../shared/errors';
import { done, type StepAttempt } from './step';

/** Where the bound is, and how far ahead the writer may be. */
export interface RpoBound {
  readonly here: RDSClient;
  readonly there: RDSClient;
  /** Of both regions. */
  readonly parameterGroup: string;
  readonly seconds: string;
}

/** The parameter by which a writer commits nothing while its followers are further behind. */
const PARAMETER = 'rds.global_db_rpo';

/**
 * Moves the bound of the lag together with the writer. First lifted there: a region that keeps it could commit nothing after a
 * failover to it, because with two regions nobody follows then (Aurora guide, "Managing RPOs for Aurora PostgreSQL").
 *
 * @param bound undefined where the configuration has none.
 */
export function createMoveRpoBound(bound: RpoBound | undefined): StepAttempt {
  return async () => {
    if (!bound) return done('no bound is configured');
    const { here, there, parameterGroup, seconds } = bound;
    const group = { DBClusterParameterGroupName: parameterGroup };
    const immediately = { ParameterName: PARAMETER, ApplyMethod: 'immediate' } as const;
    try {
      await there.send(new ResetDBClusterParameterGroupCommand({ ...group, Parameters: [immediately] }));
    } catch (error) {
      return { kind: 'failed', detail: `${PARAMETER} is still set in the other region: ${describeError(error)}` };
    }
    const parameter = { ...immediately, ParameterValue: seconds };
    await here.send(new ModifyDBClusterParameterGroupCommand({ ...group, Parameters: [parameter] }));
    return done(`${PARAMETER} is ${seconds} here, and lifted in the other region`);
  };
}
