import { z } from 'zod';

import { declare, listOf, oneNumberOf, trueOrFalse, wholeNumber } from '../key';

/** Seconds that a CloudWatch alarm on our own high-resolution metric can have as its period, and that divide a minute. */
const SAMPLE_SECONDS = [10, 20, 30];

/** Days that a CloudWatch log group can keep its events (PutRetentionPolicy). */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** How a stack is watched, how it fails over, and whom it tells. */
export const operationKeys = {
  alertEmails: declare(listOf(z.email()), {
    group: 'People',
    description: 'Who is told, in both regions. Each address has to confirm twice, once per region.',
    type: 'array',
    default: [],
    allowed: 'e-mail addresses, none twice',
    example: 'ops@example.com',
  }),
  operatorPrincipals: declare(
    listOf(z.string().regex(/^arn:aws:iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]{1,512})$/)),
    {
      group: 'People',
      description: "Who may assume the operator's role. Empty: whoever this account's own IAM lets do so.",
      type: 'array',
      default: [],
      allowed: "ARNs of IAM users, IAM roles (not of a role's session) or account roots, none twice",
      example: 'arn:aws:iam::123456789012:role/operators',
    },
  ),
  healthCheckIntervalSeconds: declare(oneNumberOf([10, 30]), {
    group: 'Detection',
    description: "How often each of Route 53's checkers asks.",
    type: 'integer',
    default: 30,
    allowed: '10, 30',
    example: '30',
  }),
  healthCheckFailureThreshold: declare(wholeNumber(1, 10), {
    group: 'Detection',
    description: 'Failed checks in a row that make an endpoint unhealthy.',
    type: 'integer',
    default: 3,
    allowed: 'a whole number from 1 to 10',
    example: '3',
  }),
  probeIntervalSeconds: declare(oneNumberOf(SAMPLE_SECONDS), {
    group: 'Detection',
    description: 'How often dr sends an order through primary to see it processed.',
    type: 'integer',
    default: 10,
    allowed: '10, 20, 30',
    example: '10',
  }),
  heartbeatIntervalSeconds: declare(oneNumberOf(SAMPLE_SECONDS), {
    group: 'Detection',
    description: 'How often the active region renews its lease.',
    type: 'integer',
    default: 10,
    allowed: '10, 20, 30, at most a third of leaseSeconds',
    example: '10',
  }),
  lagSampleIntervalSeconds: declare(oneNumberOf(SAMPLE_SECONDS), {
    group: 'Detection',
    description: "How often the database's replication lag is measured.",
    type: 'integer',
    default: 30,
    allowed: '10, 20, 30',
    example: '30',
  }),
  lagWarningSeconds: declare(wholeNumber(1, 3600), {
    group: 'Detection',
    description: 'Replication lag that warns.',
    type: 'integer',
    default: 1,
    allowed: 'a whole number from 1, below lagCriticalSeconds',
    example: '1',
  }),
  lagCriticalSeconds: declare(wholeNumber(2, 3600), {
    group: 'Detection',
    description: 'Replication lag that pages.',
    type: 'integer',
    default: 30,
    allowed: 'a whole number above lagWarningSeconds, not above rpoSeconds',
    example: '30',
  }),
  canaryIntervalMinutes: declare(wholeNumber(1, 60), {
    group: 'Detection',
    description: 'How often each canary runs.',
    type: 'integer',
    default: 1,
    allowed: 'a whole number from 1 to 60',
    example: '1',
  }),
  failoverMode: declare(z.enum(['automatic', 'alert-only']), {
    group: 'Failover',
    description: 'Fail over without a person, or tell people and wait.',
    type: 'string',
    default: 'automatic',
    allowed: 'automatic, alert-only',
    example: 'automatic',
  }),
  deployDuringRun: declare(z.enum(['refuse', 'allow']), {
    group: 'Failover',
    description: 'Deploy although a run of the failover orchestrator stands, or a region does not say that none does.',
    type: 'string',
    default: 'refuse',
    allowed: 'refuse, allow',
    example: 'refuse',
  }),
  rtoSeconds: declare(wholeNumber(60, 3600), {
    group: 'Failover',
    description: 'Target: time to recover from the loss of a region.',
    type: 'integer',
    default: 300,
    allowed: 'a whole number from 60 to 3600',
    example: '300',
  }),
  databaseRtoSeconds: declare(wholeNumber(60, 3600), {
    group: 'Failover',
    description: 'Target: time to recover from the loss of the database or of processing alone.',
    type: 'integer',
    default: 360,
    allowed: 'a whole number from 60 to 3600',
    example: '360',
  }),
  rpoSeconds: declare(wholeNumber(26, 3600), {
    group: 'Failover',
    description: 'Target: data loss of a failover. A greater or unknown loss waits for a person.',
    type: 'integer',
    default: 60,
    allowed: 'a whole number from 26 (the shortest lease is 30 s and ends 5 s early) to 3600',
    example: '60',
  }),
  leaseSeconds: declare(wholeNumber(30, 3604), {
    group: 'Failover',
    description: 'How long a renewal lets the active region write; it stops 5 s before the end.',
    type: 'integer',
    default: 60,
    allowed: 'a whole number from 30 to rpoSeconds + 4, at least three heartbeats',
    example: '60',
  }),
  orderValiditySeconds: declare(wholeNumber(60, 86_400), {
    group: 'Failover',
    description: 'How long an accepted order may be executed; afterwards it is reported EXPIRED.',
    type: 'integer',
    default: 900,
    allowed: 'a whole number up to 86400, at least 120 more than rtoSeconds and databaseRtoSeconds',
    example: '900',
  }),
  rpoEnforcementSeconds: declare(z.union([z.literal('0').transform(Number), wholeNumber(20, 86_400)]), {
    group: 'Failover',
    description:
      'Aurora refuses commits in primary while dr lags more than this (`rds.global_db_rpo`). 0: off, as for a first deployment.',
    type: 'integer',
    default: 0,
    allowed: '0, or a whole number from 20 to 86400',
    example: '60',
  }),
  logRetentionDays: declare(oneNumberOf(LOG_DAYS), {
    group: 'Housekeeping',
    description: 'Days that logs are kept.',
    type: 'integer',
    default: 30,
    allowed: LOG_DAYS.join(', '),
    example: '30',
  }),
  manageApiGatewayAccount: declare(trueOrFalse(), {
    group: 'Housekeeping',
    description: "Set API Gateway's logging role of the account, one per region and shared by all stacks.",
    type: 'boolean',
    default: false,
    allowed: 'true, false',
    example: 'true',
  }),
  kmsDeletionDays: declare(wholeNumber(7, 30), {
    group: 'Housekeeping',
    description: 'Days between the destruction of a stack and the end of its keys.',
    type: 'integer',
    default: 7,
    allowed: 'a whole number from 7 to 30',
    example: '7',
  }),
};
