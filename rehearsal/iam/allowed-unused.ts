import { compilePattern } from '../../analysis/policies/pattern';
import type { Grant } from './grants';

/** Grants that no run uses, on purpose. */
export interface Allowance {
  /** The role's name or the principal; `*` stands for what differs between stacks. */
  readonly holder: string;
  /** Every one of these must exist and stay unused: what a run does use must leave the list. */
  readonly sids: readonly string[];
  /** Only this action of them. @default all */
  readonly action?: string;
  /** Only resources that this pattern covers. @default all */
  readonly resource?: string;
  readonly why: string;
  /** Where it is exercised instead. */
  readonly exercisedBy: string;
}

/** Short, and every entry with its reason: a stale one fails the report like an unused grant. */
export const ALLOWED_UNUSED: readonly Allowance[] = [
  {
    holder: 'application-fleet-*',
    sids: ['FetchArtifact', 'ReadSite', 'KeepSessions', 'ReadOrders', 'KeyThroughS3', 'KeyThroughDynamodb'],
    why: 'the rehearsal counts instances and does not run what is on them',
    exercisedBy: 'test/fleet/boot.test.ts and test/fleet/adapters.test.ts',
  },
  {
    holder: 'operator-*',
    sids: [
      'MigrateSchema',
      'DecideAboutFailovers',
      'ReadWhoMayWrite',
      'ReadJournals',
      'AskForLag',
      'SeeAlarmsAndDatabase',
      'ReadReports',
      'TellMissingReports',
      'FreezeAndSweep',
      'AskLedger',
      'FindOrders',
      'AnnounceMaintenance',
      'KeysThroughDynamoDbS3AndSqs',
    ],
    why: 'a person takes this role, and no run waits for one',
    exercisedBy: 'test/rehearsal/tap/status.test.ts and test/rehearsal/tap/reconcile.test.ts and ops/migrate.ts',
  },
  {
    holder: 'operator-*',
    sids: ['ReadLogs', 'ReadQueues'],
    why: 'docs/alarms.md sends a person there with the AWS CLI, and no command of ours reads them',
    exercisedBy: 'test/docs/operator-rights.test.ts',
  },
  {
    holder: 'arn:aws:iam::*:root',
    sids: ['#0'],
    why: 'the trust of the operator role, which a person takes',
    exercisedBy: 'test/lib/recovery/operator-access.test.ts',
  },
  {
    holder: 'canary-*',
    sids: ['KeyThroughS3'],
    action: 'kms:Decrypt',
    why: 'Synthetics asks for it in every role that encrypts artifacts, but only visual monitoring reads them back',
    exercisedBy: 'test/lib/detection/canaries.test.ts',
  },
  {
    holder: 'parameter-replicator-*',
    sids: ['KeyThroughSsmThere'],
    action: 'kms:GenerateDataKey',
    why: 'only a secure string of more than 4 kB becomes an advanced parameter, and no run has one',
    exercisedBy: 'test/lib/data/replicated-parameters.test.ts',
  },
  {
    holder: 'payment-validator-*',
    sids: ['WriteReceipts'],
    resource: '*/bulk/*',
    why: 'only a receipt of 128 MB and more goes there, and no run writes one',
    exercisedBy: 'test/lambda/shared/pure.test.ts',
  },
];

/** The entry that excuses a grant, if there is one. */
export function allowanceFor(grant: Grant, allowances = ALLOWED_UNUSED): Allowance | undefined {
  return allowances.find((allowance) => allowance.sids.some((sid) => covers(allowance, sid, grant)));
}

/**
 * What is wrong with the list itself: an entry that covers no grant any more, or one that a run has used after all.
 *
 * @param used ids of grants.
 */
export function staleAllowances(
  grants: readonly Grant[],
  used: ReadonlySet<string>,
  allowances = ALLOWED_UNUSED,
): readonly string[] {
  return allowances.flatMap((allowance) =>
    allowance.sids.flatMap((sid) => {
      const covered = grants.filter((grant) => covers(allowance, sid, grant));
      const name = [allowance.holder, sid, allowance.action, allowance.resource].filter(Boolean).join(' ');
      if (covered.length === 0) return [`${name} covers no grant`];
      const usedOne = covered.find(({ id }) => used.has(id));
      return usedOne ? [`${name} is used after all: ${usedOne.id}`] : [];
    }),
  );
}

function covers(allowance: Allowance, sid: string, grant: Grant): boolean {
  return (
    grant.sid === sid &&
    (allowance.action === undefined || allowance.action === grant.action) &&
    (allowance.resource === undefined || compilePattern(allowance.resource).matches(grant.resource)) &&
    compilePattern(allowance.holder).matches(grant.holder)
  );
}
