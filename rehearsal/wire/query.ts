import { bodyText, response } from './wire';
import { isFields } from './json';
import type { Wire, WireFields } from '../aws/service';
import type { Protocol } from './wire';

/** What a list's elements are called in the XML of a service; `member` where it is not said. */
export type ElementNames = Readonly<Record<string, string>>;

/** The names that RDS gives to the elements of its lists (the service model's `locationName`). */
export const RDS_ELEMENTS: ElementNames = {
  DBClusters: 'DBCluster',
  DBClusterMembers: 'DBClusterMember',
  DBInstances: 'DBInstance',
  GlobalClusters: 'GlobalClusterMember',
  GlobalClusterMembers: 'GlobalClusterMember',
};

/**
 * The AWS query protocol: the input is a form, the output is XML.
 * @param booleans whether `true` and `false` in a form are booleans: a topic's message is a text all the same.
 */
export function awsQuery(elements: ElementNames = {}, { booleans = false } = {}): Protocol {
  return {
    decode({ body }) {
      const { Action: operation, Version: _version, ...input } = fieldsOf(bodyText(body), booleans);
      if (typeof operation !== 'string') throw new TypeError('a query request names no Action');
      return { operation, input };
    },
    encode(operation, answer) {
      if (answer.ok) {
        const result = xmlOf(`${operation}Result`, answer.output, elements);
        return response(200, 'text/xml', `<${operation}Response>${result}${METADATA}</${operation}Response>`);
      }
      const { code, message, status } = answer.error;
      const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
      return response(status, 'text/xml', `<ErrorResponse>${xmlOf('Error', error, elements)}</ErrorResponse>`);
    },
  };
}

const METADATA = '<ResponseMetadata><RequestId>simulated</RequestId></ResponseMetadata>';

interface Branch {
  [key: string]: string | Branch;
}

/** Builds the input from `Filters.Filter.1.Values.Value.2=x`: dots are levels, and a level of numbers is a list. */
function fieldsOf(form: string, booleans: boolean): WireFields {
  const root: Branch = {};
  for (const [name, value] of new URLSearchParams(form)) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let branch = root;
    for (const step of path) {
      const next = branch[step];
      branch = typeof next === 'object' ? next : (branch[step] = {});
    }
    branch[last] = value;
  }
  const fields = collapsed(root, booleans);
  return isFields(fields) ? fields : {};
}

function collapsed(branch: string | Branch, booleans: boolean): Wire {
  if (typeof branch === 'string')
    return booleans && (branch === 'true' || branch === 'false') ? branch === 'true' : branch;
  const keys = Object.keys(branch);
  const below = keys.map((key) => collapsed(branch[key] ?? '', booleans));
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) return below;
  const [only] = below;
  // `Filters.Filter.1`: the element's name in between carries nothing.
  if (keys.length === 1 && isList(only)) return only;
  return Object.fromEntries(keys.map((key, index) => [key, below[index]]));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** XML of a value; nothing of one that is absent. */
export function xmlOf(name: string, value: Wire, elements: ElementNames): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${contentOf(name, value, elements)}</${name}>`;
}

function isList(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}

function contentOf(name: string, value: Exclude<Wire, null | undefined>, elements: ElementNames): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isList(value)) {
    const element = elements[name] ?? 'member';
    return value.map((one) => xmlOf(element, one, elements)).join('');
  }
  if (isFields(value)) {
    return Object.entries(value)
      .map(([key, below]) => xmlOf(key, below, elements))
      .join('');
  }
  return escapeXml(String(value));
}
