import { answered, refused } from '../service';
import { EventSourceMapping } from './event-source-mapping';
import { mappingsOf } from './mapping-settings';
import { POLLING_NATURE } from './nature';
import type { Graph } from '../../../analysis/graph/graph';
import type { Answer } from '../service';
import type { PollingWorld } from './event-source-mapping';
import type { PollingNature } from './nature';

const NO_MAPPING = refused('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

/** All event source mappings of a stack. */
export class EventSourceMappings {
  readonly all: readonly EventSourceMapping[];
  private readonly byUuid: ReadonlyMap<string, EventSourceMapping>;

  constructor(graph: Graph, world: PollingWorld, nature: PollingNature = POLLING_NATURE) {
    const random = world.random.stream('event source mappings');
    this.all = mappingsOf(graph).map((settings) => new EventSourceMapping(settings, { ...world, random }, nature));
    this.byUuid = new Map(this.all.map((mapping) => [mapping.settings.uuid, mapping]));
  }

  get(uuid: string): EventSourceMapping | undefined {
    return this.byUuid.get(uuid);
  }

  /** GetEventSourceMapping (Lambda API reference). */
  describe(uuid: string): Answer {
    const mapping = this.get(uuid);
    return mapping === undefined ? NO_MAPPING : answered(mapping.describe());
  }

  /** UpdateEventSourceMapping with Enabled (Lambda API reference). */
  setEnabled(uuid: string, enabled: boolean): Answer {
    const mapping = this.get(uuid);
    if (mapping === undefined) return NO_MAPPING;
    if (!mapping.setEnabled(enabled)) {
      const message = `Cannot update the event source mapping with UUID ${uuid} because it is in use.`;
      return refused('ResourceInUseException', message);
    }
    return answered(mapping.describe());
  }

  silence(region: string): void {
    for (const mapping of this.all) if (mapping.settings.region === region) mapping.silence();
  }

  restore(region: string): void {
    for (const mapping of this.all) if (mapping.settings.region === region) mapping.restore();
  }
}
