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
}

/**
 * One-way times: within a region by AWS's own word on zones ("single-digit millisecond", AWS Fault Isolation Boundaries); between
 * European regions and from callers outside assumed from their distance. Cold starts: assumed from bundles of this size; the
 * import of each bundle is measured by `npm run benchmark`.
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
  };
}
