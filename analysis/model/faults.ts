import type { Fault } from './fault';
import { registerFaults } from './registers/faults';
import { runFaults } from './runs/faults';

/** The checker's own test: each of these mistakes must be found. */
export const FAULTS: readonly Fault[] = [...registerFaults(), ...runFaults()];
