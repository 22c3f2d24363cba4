import type { Fault, FaultWindow } from '../faults/fault';

/** A fault from a moment on, in seconds after the run's fault time. */
export const from = (seconds: number, fault: Fault): FaultWindow => ({ from: seconds, fault });

/** A fault between two moments. */
export const within = (since: number, until: number, fault: Fault): FaultWindow => ({ from: since, until, fault });

/** Primary is lost for good. */
export const primaryLost = (how: 'dark' | 'cut-off' | 'half-open'): FaultWindow =>
  from(0, { kind: 'region-lost', region: 'primary', how });
