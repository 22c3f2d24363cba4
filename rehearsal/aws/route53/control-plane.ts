import type { Answer, Call, Need, Wire, WireFields } from '../service';
import { notModelled } from '../service';
import { normalName, unquoted, type DnsAnswer, type RecordGroup } from './records';

/** One change of a record that this model can do. */
export interface TextChange {
  readonly name: string;
  readonly answer: DnsAnswer;
}

/** What ChangeResourceRecordSets asks for, or the refusal. */
export type Changes = { readonly ok: true; readonly changes: readonly TextChange[] } | Extract<Answer, { ok: false }>;

const OPERATION = 'ChangeResourceRecordSets';

/**
 * What a call needs (service authorization reference, Amazon Route 53): the hosted zone, with names, types and actions of all its
 * changes as condition keys, normalised as the Route 53 guide says ("Using IAM policy conditions for fine-grained access control").
 */
export function needsOf(call: Call): readonly Need[] {
  if (call.operation !== OPERATION) return notModelled(call);
  const changes = changesOf(call);
  return [
    {
      action: `route53:${OPERATION}`,
      resource: `arn:aws:route53:::hostedzone/${zoneIdOf(call)}`,
      context: {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': unique(
          changes.map(({ set }) => escaped(normalName(textOf(call, set, 'Name')))),
        ),
        'route53:ChangeResourceRecordSetsRecordTypes': unique(
          changes.map(({ set }) => textOf(call, set, 'Type').toUpperCase()),
        ),
        'route53:ChangeResourceRecordSetsActions': unique(changes.map(({ action }) => action.toUpperCase())),
      },
    },
  ];
}

/**
 * Reads a change batch; all of it or nothing is done.
 *
 * @throws NotModelledError unless every change is an UPSERT of a simple TXT record of the graph.
 */
export function readChanges(
  call: Call,
  zones: ReadonlySet<string>,
  groupOf: (type: RecordGroup['type'], name: string) => RecordGroup | undefined,
): Changes {
  const zoneId = zoneIdOf(call);
  if (!zones.has(zoneId)) return refusal('NoSuchHostedZone', `No hosted zone found with ID: ${zoneId}`, 404);
  const changes: TextChange[] = [];
  for (const { action, set } of changesOf(call)) {
    if (action !== 'UPSERT') return notModelled(call, `the action ${action}`);
    if (textOf(call, set, 'Type') !== 'TXT') return notModelled(call, 'a record other than TXT');
    if (['AliasTarget', 'Failover', 'HealthCheckId', 'SetIdentifier', 'Weight'].some((one) => set[one] !== undefined)) {
      return notModelled(call, 'a record that is not simple');
    }
    const name = normalName(textOf(call, set, 'Name'));
    const group = groupOf('TXT', name);
    if (group?.zoneId !== zoneId) return notModelled(call, `a record that the graph does not declare, ${name},`);
    if (group.records.some(({ role }) => role !== 'SIMPLE')) {
      const why = `RRSet with DNS name ${name}., type TXT cannot be created as other RRSets exist with the same name and type.`;
      return refusal('InvalidChangeBatch', `[${why}]`, 400);
    }
    const values = valuesOf(call, set);
    const bare = values.find((value) => unquoted(value) === value);
    if (bare !== undefined) {
      const why = `FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '${bare}'`;
      return refusal('InvalidChangeBatch', `[Invalid Resource Record: '${why}']`, 400);
    }
    changes.push({ name, answer: { values: values.map(unquoted), ttlSeconds: ttlOf(call, set) } });
  }
  return { ok: true, changes };
}

function refusal(code: string, message: string, status: number): Extract<Answer, { ok: false }> {
  return { ok: false, error: { code, message, status } };
}

function zoneIdOf(call: Call): string {
  return textOf(call, call.input, 'HostedZoneId').replace(/^\/?hostedzone\//, '');
}

function changesOf(call: Call): readonly { readonly action: string; readonly set: WireFields }[] {
  const batch = fieldsOf(call, call.input['ChangeBatch']);
  return listOf(call, batch['Changes']).map((change) => {
    const fields = fieldsOf(call, change);
    return { action: textOf(call, fields, 'Action'), set: fieldsOf(call, fields['ResourceRecordSet']) };
  });
}

function valuesOf(call: Call, set: WireFields): readonly string[] {
  return listOf(call, set['ResourceRecords']).map((record) => textOf(call, fieldsOf(call, record), 'Value'));
}

function ttlOf(call: Call, { TTL }: WireFields): number {
  return typeof TTL === 'number' ? TTL : notModelled(call, 'a record without TTL');
}

function textOf(call: Call, fields: WireFields, key: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : notModelled(call, `an input without ${key}`);
}

function listOf(call: Call, value: Wire): readonly Wire[] {
  return isList(value) ? value : notModelled(call, 'an input without a list where one belongs');
}

function isList(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}

function fieldsOf(call: Call, value: Wire): WireFields {
  if (typeof value !== 'object' || value === null || isList(value)) return notModelled(call, 'an input without fields');
  if (value instanceof Date || value instanceof Uint8Array) return notModelled(call, 'an input without fields');
  return value;
}

/** Other characters than letters, digits, hyphen, underscore and the dots between labels: backslash and three octal digits. */
function escaped(name: string): string {
  return name.replace(/[^a-z0-9._-]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
