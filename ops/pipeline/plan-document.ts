import { z } from 'zod';

const range = z.object({ best: z.number(), expected: z.number(), worst: z.number() });
const target = z.object({ key: z.string(), seconds: z.number() });

/** The parts of `npm start -- --json` that the comment tells. The names are those of analysis/plan and lib/budget. */
const planSchema = z.object({
  stack: z.string(),
  resources: z.number(),
  warnings: z.array(z.string()),
  places: z.array(
    z.object({
      place: z.string(),
      resources: z.number(),
      concerns: z.array(z.object({ concern: z.string(), types: z.record(z.string(), z.number()) })),
    }),
  ),
  budget: z.object({
    promotionAssumed: range,
    chains: z.array(
      z.object({
        id: z.string(),
        says: z.string(),
        target,
        seconds: range,
        breakEvenPromotion: z.number().optional(),
      }),
    ),
    losses: z.array(z.object({ store: z.string(), seconds: range, bound: z.string(), strength: z.string() })),
    misses: z.array(
      z.object({
        chain: z.string(),
        target,
        bySeconds: z.number(),
        blame: z.array(z.object({ name: z.string(), seconds: z.number(), properties: z.array(z.string()) })),
      }),
    ),
    allowed: z.boolean(),
  }),
});

export type PlanDocument = z.infer<typeof planSchema>;

/**
 * Reads what `npm start -- --json --runs 0` has printed.
 * @throws Error when it is something else, for example nothing, because the command failed.
 */
export function parsePlan(text: string, source: string): PlanDocument {
  if (text.trim() === '')
    throw new Error(`${source} is empty: "npm start" failed before it had a plan; its log says why`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(
      `${source} is not JSON: it has to be the standard output of "npm start --silent -- --json --runs 0"`,
    );
  }
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${source} is not a plan:\n  ${wrong.join('\n  ')}`);
}
