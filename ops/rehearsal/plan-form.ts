import { z } from 'zod';
import type { FaultWindow } from '../../rehearsal/faults/fault';
import type { RunPlan } from '../../rehearsal/judge/result';

const windowForm = z.object({
  // The simulation itself refuses a fault that it does not know, naming it.
  fault: z.custom<FaultWindow['fault']>((value) => typeof value === 'object' && value !== null && 'kind' in value),
  from: z.number(),
  until: z.number().optional(),
});

const planForm = z.object({
  stack: z.string(),
  scenario: z.string(),
  seed: z.string(),
  runClass: z.enum(['A', 'B', 'C']),
  expectation: z.enum(['fails-over', 'stays', 'survives', 'comes-home']),
  chain: z.enum(['region', 'database']),
  faults: z.array(windowForm),
  seconds: z.number().positive(),
});

/** A plan as it was printed. @throws ZodError naming what is wrong in it, SyntaxError when it is no JSON. */
export function planFrom(text: string): RunPlan {
  const { faults, ...plan } = planForm.parse(JSON.parse(text));
  return {
    ...plan,
    faults: faults.map(({ fault, from, until }) => ({ fault, from, ...(until !== undefined && { until }) })),
  };
}
