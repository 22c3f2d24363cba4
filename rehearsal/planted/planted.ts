import { ORCHESTRATOR_FAULTS } from './orchestrator';
import { RIGHTS_FAULTS } from './rights';
import { WATCHING_FAULTS } from './watching';
import { WRITING_FAULTS } from './writing';
import type { PlantedFault } from './plant';

/** Every planted fault: the rehearsal has to see each of them, or it proves nothing when it sees none. */
export const PLANTED: readonly PlantedFault[] = [
  ...ORCHESTRATOR_FAULTS,
  ...WRITING_FAULTS,
  ...WATCHING_FAULTS,
  ...RIGHTS_FAULTS,
];
