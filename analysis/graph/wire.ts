import type { Value, Values } from './graph';

/** Pulumi's marks for special values on the wire; see sdk/nodejs/runtime/rpc.ts. */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const ASSET = 'c44067f5952c0a294b673a41bacd8c17';
const ARCHIVE = '0def7320c3a5731c473e5ecbe6d01bc7';
const RESOURCE = '5cf8f73096256a8f31e491e813e4eb8e';

/** What an output that AWS has yet to make looks like in a first preview. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Unwraps secrets (noting where they were), assets and resource references of one request. */
export function plainValues(wire: unknown, secrets: string[] = []): Values {
  const value = plain(wire, '', secrets);
  return isValues(value) ? value : {};
}

export function isValues(value: Value): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(wire: unknown, at: string, secrets: string[]): Value {
  if (wire === undefined || wire === null) return wire;
  if (typeof wire === 'string' || typeof wire === 'number' || typeof wire === 'boolean') return wire;
  if (Array.isArray(wire)) return wire.map((item: unknown, i) => plain(item, `${at}[${i}]`, secrets));
  if (typeof wire !== 'object') throw new Error(`${at}: a ${typeof wire} cannot be sent to the engine`);
  const fields = new Map<string, unknown>(Object.entries(wire));
  switch (fields.get(SIGNATURE)) {
    case SECRET:
      secrets.push(at);
      return plain(fields.get('value'), at, secrets);
    case RESOURCE:
      return plain(fields.get('urn'), at, secrets);
    case ASSET:
    case ARCHIVE:
      fields.delete(SIGNATURE);
  }
  return Object.fromEntries([...fields].map(([key, item]) => [key, plain(item, at ? `${at}.${key}` : key, secrets)]));
}
