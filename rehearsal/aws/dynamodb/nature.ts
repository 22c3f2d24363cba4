import type { Random, Range } from '../../kernel/random';

/** What AWS documents of DynamoDB's own delays, or does not. Milliseconds. */
export interface DynamoDbNature {
  /** From a write to its arrival at another replica; drawn per write. */
  readonly replicationLagMs: Range;
  /** How far back an eventually consistent read looks; drawn per read. Queries of an index are always eventually consistent. */
  readonly readLagMs: Range;
  /** From the moment that replication is possible again to the arrival of what had been held back; drawn once each time. */
  readonly resumeMs: Range;
}

/**
 * One run's nature. "Usually propagated to all replica tables within a second" (DynamoDB developer guide, "Global tables: how it
 * works"): a run's typical lag is drawn from 0.1 to 0.8 s, and each write takes half to twice of it: on average within the
 * second. How far an eventually consistent read looks back ("might not reflect the results of a recently completed write") and
 * how fast held writes follow is not documented: up to 50 ms, and 0.1 to 5 s, are assumed.
 */
export function drawDynamoDbNature(random: Random): DynamoDbNature {
  const typical = random.between({ least: 100, most: 800 });
  return {
    replicationLagMs: { least: typical / 2, most: typical * 2 },
    readLagMs: { least: 0, most: 50 },
    resumeMs: { least: 100, most: 5_000 },
  };
}
