export { alarmsOf, holds, parseRule, RuleError } from '../../lib/detection/composite-rule';
export type { Rule } from '../../lib/detection/composite-rule';
