/** One entry of Action, Resource or of a condition's values, ready to be asked. */
export interface Pattern {
  readonly text: string;
  /** How much of the text is not a wildcard: of two that match, the longer says more. */
  readonly specificity: number;
  matches(value: string): boolean;
}

/**
 * Compiles a text in which `*` stands for any characters, also none, and `?` for exactly one (IAM user guide, "IAM JSON policy
 * elements: Resource", wildcards). In a Resource a wildcard crosses colons as well.
 */
export function compilePattern(text: string, { ignoreCase = false }: { readonly ignoreCase?: boolean } = {}): Pattern {
  const wanted = ignoreCase ? text.toLowerCase() : text;
  const test = compare(wanted);
  return {
    text,
    specificity: text.replace(/[*?]/g, '').length,
    matches: ignoreCase ? (value) => test(value.toLowerCase()) : test,
  };
}

/** Everything that none of these matches: NotAction and NotResource. */
export function compileExcept(element: string, patterns: readonly Pattern[]): Pattern {
  return {
    text: `${element}(${patterns.map(({ text }) => text).join(' ')})`,
    specificity: 0,
    matches: (value) => !patterns.some((pattern) => pattern.matches(value)),
  };
}

function compare(wanted: string): (value: string) => boolean {
  const first = wanted.search(/[*?]/);
  if (first === -1) return (value) => value === wanted;
  if (first === wanted.length - 1 && wanted.endsWith('*')) {
    const start = wanted.slice(0, first);
    return (value) => value.startsWith(start);
  }
  return (value) => glob(wanted, value);
}

/** Greedy with one way back, to the last `*`: enough for this grammar, and linear for all that policies contain. */
function glob(wanted: string, value: string): boolean {
  let [at, star, mark] = [0, -1, 0];
  let index = 0;
  while (index < value.length) {
    if (wanted[at] === '*') {
      star = at;
      mark = index;
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === value[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      index = mark;
    } else return false;
  }
  while (wanted[at] === '*') at += 1;
  return at === wanted.length;
}

/** The six parts of an ARN; the last one may contain colons. Undefined: it is none. */
function partsOf(arn: string): readonly string[] | undefined {
  const parts = arn.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/**
 * ArnEquals and ArnLike, which are the same: each of the six parts is compared apart, and each may contain wildcards
 * (IAM user guide, "ARN condition operators").
 *
 * @throws Error for a text that is no ARN.
 */
export function compileArn(text: string): (value: string) => boolean {
  const parts = partsOf(text)?.map((part) => compilePattern(part));
  if (parts === undefined) throw new Error(`${text} is not an ARN`);
  return (value) => {
    const asked = partsOf(value);
    return asked !== undefined && parts.every((part, index) => part.matches(asked[index] ?? ''));
  };
}
