import { z } from 'zod';

const UNIT_MS = { m: 60_000, h: 3_600_000 } as const;

/** A freeze that is forgotten keeps failovers off; this is the longest that one may be forgotten. */
const LONGEST_MS = 24 * UNIT_MS.h;
const LEAST_MS = 5 * UNIT_MS.m;

const ALLOWED = 'minutes or hours such as 30m or 2h, from 5m to 24h';

/** A length of time as it is typed, in milliseconds. */
export const freezeLength = z
  .string()
  .regex(/^\d{1,4}[mh]$/, ALLOWED)
  .transform((text) => Number(text.slice(0, -1)) * (text.endsWith('h') ? UNIT_MS.h : UNIT_MS.m))
  .refine((ms) => ms >= LEAST_MS && ms <= LONGEST_MS, ALLOWED);
