/** What `JSON.parse` drops without a word from an object, by the names of its fields. */
export interface Dropped {
  /** Fields that are there more than once: it keeps the last one, and another reader may keep the first. */
  readonly repeated: readonly string[];
  /** Fields whose number has more digits than it keeps. */
  readonly rounded: readonly string[];
}

const TOKEN = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]/g;

/** Every decimal number with as many significant digits keeps them (IEEE 754, binary64). */
const EXACT_DIGITS = 15;

/** Looks at the fields of an object, not at what is inside them; of anything else nothing is dropped. The text is valid JSON. */
export function droppedBy(json: string): Dropped {
  const names = new Set<string>();
  const repeated = new Set<string>();
  const rounded = new Set<string>();
  let depth = 0;
  let last = '';
  let field: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    // An array has no colon of its own, so what stands before one at this depth is the name of a field.
    else if (token === ':' && depth === 1) {
      field = String(JSON.parse(last));
      if (names.has(field)) repeated.add(field);
      names.add(field);
    } else if (field !== undefined && depth === 1 && significantDigits(token) > EXACT_DIGITS) rounded.add(field);
    if (token !== ':') last = token;
    if (token === ',' && depth === 1) field = undefined;
  }
  return { repeated: [...repeated], rounded: [...rounded] };
}

/** Of a number as it is written; 0 of every other token. */
function significantDigits(token: string): number {
  if (!/^[-\d]/.test(token)) return 0;
  const digits = token.replace(/[eE].*$/, '').replace(/[-.]/g, '');
  return digits.replace(/^0+/, '').replace(/0+$/, '').length;
}
