/**
 * What comes out on the other side when a value crosses as JSON: the same as `JSON.parse(JSON.stringify(value))`, at a part of its
 * cost, which every event and every answer of a function pays.
 *
 * @throws TypeError as `JSON.stringify` does: for a bigint.
 */
export function jsonCopy(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value + 0 : null;
    case 'object':
      return value === null ? null : objectCopy(value);
    case 'bigint':
      throw new TypeError('Do not know how to serialize a BigInt');
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined;
  }
}

function objectCopy(value: object): unknown {
  if (Array.isArray(value) && !('toJSON' in value)) return Array.from(value, (one: unknown) => jsonCopy(one) ?? null);
  if (!isPlain(value)) return JSON.parse(JSON.stringify(value));
  const copy: Record<string, unknown> = {};
  for (const [key, below] of Object.entries(value)) {
    const copied = jsonCopy(below);
    if (copied !== undefined) copy[key] = copied;
  }
  return copy;
}

/** Nothing but its members: no date, no boxed value, nothing that says itself what it is. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) && !('toJSON' in value) && !Object.hasOwn(value, '__proto__')
  );
}
