import { drawDynamoDbNature } from '../aws/dynamodb/nature';
import type { EnvironmentNature } from '../aws/lambda/environments';
import type { DynamoDbNature } from '../aws/dynamodb/nature';
import type { NetworkNature } from '../faults/conditions';
import type { Random } from '../kernel/random';

/** What AWS leaves open and a run draws, beyond what each service has of its own. */
export interface Nature {
  readonly network: NetworkNature;
  readonly environments: EnvironmentNature;
  readonly dynamodb: DynamoDbNature;
  /** How long a region's resolver remembers that a name of the database did not exist, in milliseconds. */
  readonly absentNameMs: number;
}

/**
 * One-way times: within a region by AWS's own word on zones ("single-digit millisecond", AWS Fault Isolation Boundaries); between
 * European regions and from callers outside assumed from their distance. Cold starts: assumed from bundles of this size; the
 * import of each bundle is measured by `npm run benchmark`. The negative TTL of RDS's zone is published nowhere: from the TTL of its
 * names to the 900 s that a zone of Route 53 has.
 */
export function drawNature(random: Random): Nature {
  return {
    network: {
      withinRegionMs: { least: 0.5, most: 3 },
      betweenRegionsMs: { least: 4, most: 20 },
      outsideMs: { least: 8, most: 50 },
    },
    environments: { coldStartMs: { least: 250, most: 900 }, warmStartMs: { least: 2, most: 15 } },
    dynamodb: drawDynamoDbNature(random.stream('dynamodb')),
    absentNameMs: random.stream('names').between({ least: 5_000, most: 900_000 }),
  };
}
