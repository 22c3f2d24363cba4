import { Readable } from 'node:stream';
import { NotModelledError } from '../aws/service';
import { bodyText, response } from './wire';
import { isFields, parseFields, wireJson } from './json';
import { escapeXml, xmlOf } from './query';
import type { Wire, WireFields } from '../aws/service';
import type { Protocol, WireRequest } from './wire';

/** Lambda's REST API: the operation is in method and path (Lambda API reference, "Actions"). */
export const lambdaRest: Protocol = {
  decode({ method, path, headers, body }) {
    const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1];
    if (method === 'POST' && invoked !== undefined) {
      const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
      const input = { FunctionName: decodeURIComponent(invoked), InvocationType: type, Payload: bodyText(body) };
      return { operation: 'Invoke', input };
    }
    const configured = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(path)?.[1];
    if (method === 'GET' && configured !== undefined) {
      return { operation: 'GetFunctionConfiguration', input: { FunctionName: decodeURIComponent(configured) } };
    }
    const guarded = /^\/2015-03-31\/functions\/([^/]+)\/policy$/.exec(path)?.[1];
    if (method === 'GET' && guarded !== undefined) {
      return { operation: 'GetPolicy', input: { FunctionName: decodeURIComponent(guarded) } };
    }
    if (method === 'GET' && /^\/2016-08-19\/account-settings\/?$/.test(path)) {
      return { operation: 'GetAccountSettings', input: {} };
    }
    const mapping = /^\/2015-03-31\/event-source-mappings\/([^/]+)\/?$/.exec(path)?.[1];
    if (method === 'GET' && mapping !== undefined) {
      return { operation: 'GetEventSourceMapping', input: { UUID: decodeURIComponent(mapping) } };
    }
    if (method === 'PUT' && mapping !== undefined) {
      const fields = parseFields(bodyText(body), 'UpdateEventSourceMapping');
      return { operation: 'UpdateEventSourceMapping', input: { ...fields, UUID: decodeURIComponent(mapping) } };
    }
    throw new NotModelledError(`lambda: ${method} ${path} is not modelled`);
  },
  encode(operation, answer) {
    if (!answer.ok) {
      const { code, message, status, fields } = answer.error;
      const body = wireJson({ Message: message, message, ...fields });
      return response(status, 'application/json', body, { 'x-amzn-errortype': code });
    }
    if (operation !== 'Invoke') return response(200, 'application/json', wireJson(answer.output));
    const { StatusCode, FunctionError, Payload } = answer.output;
    const headers = typeof FunctionError === 'string' ? { 'x-amz-function-error': FunctionError } : {};
    const status = typeof StatusCode === 'number' ? StatusCode : 200;
    return response(status, 'application/json', typeof Payload === 'string' ? Payload : '', headers);
  },
};

/** S3's REST API for objects and for a bucket's replication, virtual-hosted style. */
export const s3Rest: Protocol = {
  decode(request) {
    const { method, hostname, path, headers, body } = request;
    const bucket = hostname.slice(0, hostname.lastIndexOf('.s3.'));
    if (method === 'GET' && path === '/' && request.query?.['replication'] !== undefined) {
      return { operation: 'GetBucketReplication', input: { Bucket: bucket } };
    }
    const Key = decodeURIComponent(path.replace(/^\//, ''));
    if (method === 'GET' && Key !== '') return { operation: 'GetObject', input: { Bucket: bucket, Key } };
    if (method !== 'PUT' || Key === '') throw new NotModelledError(`s3: ${method} ${path} is not modelled`);
    const ifNoneMatch = headers['if-none-match'];
    const input = {
      Bucket: bucket,
      Key,
      Body: bodyText(body),
      ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }),
      Headers: { ...headers },
    };
    return { operation: 'PutObject', input };
  },
  encode(operation, answer) {
    if (answer.ok && operation === 'GetBucketReplication')
      return response(200, 'application/xml', replicationXml(answer.output));
    if (answer.ok) {
      const { ETag, Body, ContentType } = answer.output;
      if (operation === 'GetObject') {
        const bytes = Body instanceof Uint8Array ? Body : Buffer.from(typeof Body === 'string' ? Body : '');
        const type = typeof ContentType === 'string' ? ContentType : 'binary/octet-stream';
        return { ...response(200, type, ''), body: Readable.from([bytes]) };
      }
      return response(200, 'application/xml', '', { etag: typeof ETag === 'string' ? ETag : '"simulated"' });
    }
    const { code, message, status } = answer.error;
    const error = `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
    return response(status, 'application/xml', error);
  },
};

/** The list of rules has no element of its own around it (S3 API reference, GetBucketReplication). */
function replicationXml({ Role, Rules }: WireFields): string {
  const rules = Array.isArray(Rules) ? Rules.map((rule: Wire) => xmlOf('Rule', rule, {})).join('') : '';
  return `<ReplicationConfiguration>${xmlOf('Role', Role, {})}${rules}</ReplicationConfiguration>`;
}

/** Route 53's REST API for record changes. */
export const route53Rest: Protocol = {
  decode(request) {
    const { method, path } = request;
    const zone = /^\/2013-04-01\/hostedzone\/([^/]+)\/rrset\/?$/.exec(path)?.[1];
    if (method !== 'POST' || zone === undefined)
      throw new NotModelledError(`route53: ${method} ${path} is not modelled`);
    return { operation: 'ChangeResourceRecordSets', input: { HostedZoneId: zone, ChangeBatch: changesOf(request) } };
  },
  encode(operation, answer) {
    if (answer.ok) {
      const { ChangeInfo = {} } = answer.output;
      const info = isFields(ChangeInfo) ? ChangeInfo : {};
      const inside = ['Id', 'Status', 'SubmittedAt'].map((key) => `<${key}>${textOf(info[key])}</${key}>`).join('');
      return response(
        200,
        'text/xml',
        `<${operation}Response><ChangeInfo>${inside}</ChangeInfo></${operation}Response>`,
      );
    }
    const { code, message, status } = answer.error;
    const error = `<Error><Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
    return response(status, 'text/xml', `<ErrorResponse>${error}</ErrorResponse>`);
  },
};

function textOf(value: Wire): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? escapeXml(value) : '';
}

/** The elements of a change batch that are read below. */
const READ = new Set([
  'ChangeResourceRecordSetsRequest',
  'ChangeBatch',
  'Changes',
  'Change',
  'Action',
  'ResourceRecordSet',
  'Name',
  'Type',
  'TTL',
  'ResourceRecords',
  'ResourceRecord',
  'Value',
]);

/** The change batch; the serialiser's XML has no attributes and no mixed content below its root. */
function changesOf({ body }: WireRequest): WireFields {
  const text = bodyText(body);
  for (const [, name = ''] of text.matchAll(/<([A-Za-z]+)[ >]/g)) {
    if (!READ.has(name)) throw new NotModelledError(`route53: ChangeResourceRecordSets with ${name}`);
  }
  const changes = [...text.matchAll(/<Change>(.*?)<\/Change>/gs)].map(([, change = '']) => ({
    Action: element(change, 'Action'),
    ResourceRecordSet: {
      Name: element(change, 'Name'),
      Type: element(change, 'Type'),
      TTL: Number(element(change, 'TTL')),
      ResourceRecords: [...change.matchAll(/<Value>(.*?)<\/Value>/gs)].map(([, value = '']) => ({
        Value: unescape(value),
      })),
    },
  }));
  return { Changes: changes };
}

function element(xml: string, name: string): string {
  return unescape(new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1] ?? '');
}

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
