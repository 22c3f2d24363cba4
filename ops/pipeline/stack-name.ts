/** The stack file from which the stacks of pull requests are made. */
export const TEMPLATE_STACK = 'pr';

/** `pr-12`, from 1 on, without leading zeros; ten digits are more than GitHub counts. */
const FORM = /^pr-([1-9]\d{0,9})$/;

/** The number of the pull request whose stack, or whose tag EnvironmentSuffix, this is; undefined: it belongs to none. */
export function pullRequestOf(stack: string): number | undefined {
  const [, number] = FORM.exec(stack) ?? [];
  return number === undefined ? undefined : Number(number);
}
