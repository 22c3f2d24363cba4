import type { AssumptionOrigin, Range } from './types';

/** What we take for granted about AWS or clients, and how sure we are. */
export interface Assumption {
  readonly says: string;
  readonly seconds: Range;
  readonly source: string;
  /** `documented`: AWS says the number; `derived`: follows from what AWS says; `assumed`: nobody says. */
  readonly confidence: 'documented' | 'derived' | 'assumed';
}

/** Every number of the budget that is neither a property of a resource nor a constant of a handler. Nowhere else is one. */
export const ASSUMPTIONS = {
  promotion: {
    says: 'FailoverGlobalCluster, from the order to a writer that is available',
    seconds: { best: 60, expected: 120, worst: 180 },
    source:
      'Aurora guide, disaster recovery of global databases: "within a few minutes"; only a recorded drill may lower it',
    confidence: 'assumed',
  },
  scheduleLateness: {
    says: "EventBridge's start of an invocation against the minute of its rule",
    seconds: { best: 0, expected: 0.5, worst: 2 },
    source:
      'EventBridge guide gives a precision of a minute for the first call; of the steady offset nobody says a number',
    confidence: 'assumed',
  },
  metricDelivery: {
    says: 'a value of PutMetricData, until an alarm can see it',
    seconds: { best: 1, expected: 3, worst: 10 },
    source: 'AWS gives no number; the detection tests hold with 3 s and with 10 s',
    confidence: 'assumed',
  },
  evaluationHighResolution: {
    says: 'the next evaluation of an alarm with a period below a minute',
    seconds: { best: 0, expected: 5, worst: 10 },
    source: 'CloudWatch guide, "Alarm evaluation": every 10 s',
    confidence: 'documented',
  },
  evaluationStandard: {
    says: 'the next evaluation of an alarm with a period of a minute or more',
    seconds: { best: 0, expected: 30, worst: 60 },
    source: 'CloudWatch guide, "Alarm evaluation": every minute',
    confidence: 'documented',
  },
  compositeEvaluation: {
    says: 'the composite alarm after the last of its legs',
    seconds: { best: 0, expected: 1, worst: 5 },
    source: 'CloudWatch guide: composites are evaluated when a leg changes; no number',
    confidence: 'assumed',
  },
  alarmCallsFunction: {
    says: 'the call of the orchestrator by the alarm, with a cold start',
    seconds: { best: 0.2, expected: 1.5, worst: 5 },
    source: 'Lambda guide, asynchronous invocation; no number',
    confidence: 'assumed',
  },
  journalWrites: {
    says: 'reading the journal and three writes of it before the claim is known',
    seconds: { best: 0.05, expected: 0.2, worst: 1 },
    source: 'DynamoDB guide: single-digit milliseconds typically; the worst is ours',
    confidence: 'assumed',
  },
  registerRound: {
    says: 'one round of calls to registers that all answer, between regions',
    seconds: { best: 0.1, expected: 0.2, worst: 0.5 },
    source: 'round trip between European regions plus DynamoDB; no number of AWS',
    confidence: 'assumed',
  },
  opening: {
    says: 'installing the epoch in the new writer and opening the lease',
    seconds: { best: 0.5, expected: 2, worst: 10 },
    source: "best and expected are ours; the worst is the step's own limit",
    confidence: 'assumed',
  },
  raisingFloor: {
    says: 'the floor of the fleet is raised',
    seconds: { best: 0.2, expected: 1, worst: 5 },
    source: "best and expected are ours; the worst is the step's own limit",
    confidence: 'assumed',
  },
  verifying: {
    says: 'the order that verifies the region is settled',
    seconds: { best: 1, expected: 2, worst: 15 },
    source: "best and expected are ours; the worst is the step's own limit",
    confidence: 'assumed',
  },
  clientRetry: {
    says: "a client's next attempt, and its order through the queue",
    seconds: { best: 0.5, expected: 1.5, worst: 5 },
    source: 'clients try again every second; a good order is settled within 5 s, as the probe asks it',
    confidence: 'assumed',
  },
  checkerResponse: {
    says: "a checker's patience with an endpoint that does not answer",
    seconds: { best: 0, expected: 2, worst: 6 },
    source: 'Route 53 guide, how health is determined: 4 s to connect and 2 s to answer',
    confidence: 'documented',
  },
  healthToAnswers: {
    says: "Route 53's answers after a check has changed",
    seconds: { best: 1, expected: 5, worst: 10 },
    source: 'Route 53 gives no number',
    confidence: 'assumed',
  },
  metricCheck: {
    says: "Route 53's check of a metric after the metric's period",
    seconds: { best: 5, expected: 30, worst: 60 },
    source: 'Route 53 guide: it reads the data stream itself; 1 to 2 minutes with the period, unconfirmed',
    confidence: 'assumed',
  },
  aliasTtl: {
    says: 'clients keep an alias answer',
    seconds: { best: 0, expected: 30, worst: 60 },
    source: 'Route 53 guide, alias records: the TTL of the target, 60 s for load balancers and API Gateway',
    confidence: 'documented',
  },
  canaryRun: {
    says: 'a run of the canary until its result is published',
    seconds: { best: 1, expected: 10, worst: 50 },
    source: "the canary's time-out",
    confidence: 'derived',
  },
  instanceLaunch: {
    says: 'EC2 starts an instance, capacity permitting',
    seconds: { best: 20, expected: 45, worst: 120 },
    source: 'EC2 gives no number; in a lost region everybody asks at once',
    confidence: 'assumed',
  },
  auroraLag: {
    says: "dr's database behind the writer",
    seconds: { best: 0, expected: 1, worst: 5 },
    source: 'Aurora guide: replication lag typically under a second',
    confidence: 'documented',
  },
  tableLag: {
    says: "dr's replica of a global table behind",
    seconds: { best: 0, expected: 1, worst: 5 },
    source: 'DynamoDB guide, global tables: usually within a second; no bound',
    confidence: 'documented',
  },
  bucketLag: {
    says: 'objects that are copied with replication time control',
    seconds: { best: 1, expected: 15, worst: 900 },
    source: 'S3 guide, replication time control: 99.99 % within 15 minutes, most within seconds',
    confidence: 'documented',
  },
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionId = keyof typeof ASSUMPTIONS;

export function assumed(id: AssumptionId): AssumptionOrigin {
  return { kind: 'assumption', id };
}
