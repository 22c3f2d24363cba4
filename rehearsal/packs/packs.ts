import { EVERYDAY } from './everyday';
import { EXTRA } from './extra';
import { FAIL_BACK } from './fail-back';
import { LOST_ORDERS } from './lost-orders';
import { MUST_FAIL_OVER, REGION_LOST } from './must-fail-over';
import { MUST_NOT_FAIL_OVER } from './must-not-fail-over';
import { MUST_SURVIVE } from './must-survive';
import { RANDOM } from './random';
import type { Scenario } from './scenario';

/** A collection of scenarios with one purpose. */
export interface PackDefinition {
  readonly name:
    | 'second-line'
    | 'fail-back'
    | 'everyday'
    | 'must-fail-over'
    | 'must-not-fail-over'
    | 'must-survive'
    | 'lost-orders'
    | 'random';
  readonly says: string;
  readonly scenarios: readonly Scenario[];
}

/** Every scenario is in exactly one pack. */
export const PACKS: readonly PackDefinition[] = [
  { name: 'must-fail-over', says: 'dr has to take over, by itself and in time', scenarios: MUST_FAIL_OVER },
  {
    name: 'must-not-fail-over',
    says: 'nothing is to be left: a failover would be the outage',
    scenarios: MUST_NOT_FAIL_OVER,
  },
  { name: 'must-survive', says: 'every run comes to its end, whoever dies on the way', scenarios: MUST_SURVIVE },
  { name: 'lost-orders', says: 'nothing is lost but what was on its way between the tables', scenarios: LOST_ORDERS },
  { name: 'fail-back', says: 'home again, and nothing is lost on the way', scenarios: FAIL_BACK },
  { name: 'everyday', says: 'what happens on good days works too, with the rights that it needs', scenarios: EVERYDAY },
  { name: 'second-line', says: 'days that faults planted in our own code have shown to be missing', scenarios: EXTRA },
  {
    name: 'random',
    says: 'anything at once: no order with two effects, none lost without a reason',
    scenarios: [RANDOM],
  },
];

/** The seeded runs that times are claimed from. */
export const SEEDED: readonly Scenario[] = REGION_LOST;

/** @throws RangeError naming the scenarios that there are. */
export function scenarioOf(name: string): Scenario {
  const all = PACKS.flatMap(({ scenarios }) => scenarios);
  const found = all.find((scenario) => scenario.name === name);
  if (!found) throw new RangeError(`there is no scenario ${name}; there are ${all.map((one) => one.name).join(', ')}`);
  return found;
}
