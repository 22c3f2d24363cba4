import { tenths, worstCaseOf } from './chains';
import { readFacts } from './facts';
import type { Described } from './resources';
import type { Blame, Chain, Loss, Miss, Remedy, ResourceOrigin, Targets } from './types';

/** What is needed to try a change: the resources that the budget was made from, and what was promised. */
interface Question {
  readonly resources: readonly Described[];
  readonly targets: Targets;
}

/** Everything that misses its target in the worst case, with whom to blame and what would help. */
export function missesOf(chains: readonly Chain[], losses: readonly Loss[], question: Question): readonly Miss[] {
  return [
    ...chains.filter(({ seconds, target }) => seconds.worst > target.seconds).map((chain) => missOf(chain, question)),
    ...losses.flatMap((loss) => lossMiss(loss, question.targets)),
  ];
}

function missOf(chain: Chain, question: Question): Miss {
  const { id, target, seconds } = chain;
  const bySeconds = tenths(seconds.worst - target.seconds);
  return {
    chain: id,
    target,
    worst: seconds.worst,
    bySeconds,
    blame: blameOf(chain),
    remedies: remediesOf(chain, question, bySeconds),
  };
}

function lossMiss({ store, seconds, strength, origins }: Loss, { rpoSeconds }: Targets): readonly Miss[] {
  if (strength === 'evidence' || seconds.worst <= rpoSeconds) return [];
  const blame = origins.flatMap((origin): Blame[] =>
    origin.kind === 'resource'
      ? [{ ...place(origin), seconds: seconds.worst, properties: [`${origin.property} ${origin.value}`] }]
      : [],
  );
  const target = { key: 'rpoSeconds', seconds: rpoSeconds } as const;
  const bySeconds = tenths(seconds.worst - rpoSeconds);
  return [{ chain: store, target, worst: seconds.worst, bySeconds, blame, remedies: [] }];
}

const place = ({ type, name, region }: ResourceOrigin) => ({ type, name, region });
const keyOf = ({ type, name, region }: ResourceOrigin): string => [type, name, region].join(' ');

/** The resources behind the critical path, greatest share first; a term counts for the first of the resources that it comes from. */
function blameOf({ critical }: Chain): readonly Blame[] {
  const shares = new Map<string, Blame>();
  for (const { seconds, origins } of critical.worst) {
    const resources = origins.filter((origin) => origin.kind === 'resource');
    const [first] = resources;
    if (!first) continue;
    const before = shares.get(keyOf(first)) ?? { ...place(first), seconds: 0, properties: [] };
    const properties = resources
      .filter((origin) => keyOf(origin) === keyOf(first))
      .map(({ property, value }) => `${property} ${value}`);
    shares.set(keyOf(first), {
      ...before,
      seconds: tenths(before.seconds + seconds.worst),
      properties: [...new Set([...before.properties, ...properties])],
    });
  }
  return [...shares.values()].sort((a, b) => b.seconds - a.seconds);
}

/** For every property on the critical path the least change by which, alone, the chain meets its target. */
function remediesOf(chain: Chain, question: Question, bySeconds: number): readonly Remedy[] {
  const origins = new Map<string, ResourceOrigin>();
  for (const origin of chain.critical.worst.flatMap((term) => term.origins)) {
    if (origin.kind === 'resource') origins.set(`${keyOf(origin)} ${origin.property}`, origin);
  }
  return [...origins.values()].flatMap((origin) => remedyOf(origin, chain, question, bySeconds));
}

function remedyOf(origin: ResourceOrigin, chain: Chain, question: Question, bySeconds: number): readonly Remedy[] {
  for (const to of smallerValues(origin, bySeconds)) {
    const worst = worstWith(origin, to, chain, question);
    if (worst <= chain.target.seconds) {
      return [{ name: origin.name, property: origin.property, from: origin.value, to, worst }];
    }
  }
  return [];
}

/** Periods and intervals as AWS takes them, in seconds. */
const PERIODS = [300, 240, 180, 120, 60, 30, 20, 10];

/** Values below the present one that AWS would take, greatest first. */
function smallerValues({ property, value }: ResourceOrigin, bySeconds: number): readonly number[] {
  const present = Number(value);
  if (!Number.isFinite(present)) return [];
  if (property === 'period' || property.endsWith('INTERVAL_SECONDS')) return PERIODS.filter((one) => one < present);
  if (property === 'requestInterval') return [10].filter((one) => one < present);
  if (property === 'threshold' || property.endsWith('_SECONDS')) {
    // Less than half of it would be another alarm, and a nervous one.
    return [present - Math.ceil(bySeconds)].filter((one) => one >= present / 2);
  }
  return Array.from({ length: Math.max(0, present - 1) }, (_, index) => present - 1 - index);
}

/** The worst case of the chain if one property had another value. */
function worstWith(origin: ResourceOrigin, to: number, chain: Chain, { resources }: Question): number {
  const changed = resources.map((one) =>
    one.type === origin.type && one.name === origin.name && one.region === origin.region
      ? {
          ...one,
          inputs: withValue(one.inputs, origin.property.split('.'), typeof origin.value === 'string' ? String(to) : to),
        }
      : one,
  );
  return worstCaseOf(chain.id, readFacts(changed));
}

type Inputs = Readonly<Record<string, unknown>>;

function withValue(inputs: Inputs, [key, ...rest]: readonly string[], value: unknown): Inputs {
  if (key === undefined) return inputs;
  const inner = inputs[key];
  if (rest.length === 0) return { ...inputs, [key]: value };
  return isInputs(inner) ? { ...inputs, [key]: withValue(inner, rest, value) } : inputs;
}

function isInputs(value: unknown): value is Inputs {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
