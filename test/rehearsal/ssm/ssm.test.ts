import * as fc from 'fast-check';
import type { EventBridge } from '../../../rehearsal/aws/eventbridge/eventbridge';
import { Ssm } from '../../../rehearsal/aws/ssm/ssm';
import { readRequest } from '../../../lambda/parameter-replicator/event';
import { HERE, keyArn, stack, THERE } from '../sqs/fixture';
import { answer, call, code, output, START, world } from '../sqs/support';
import type { SsmNature } from '../../../rehearsal/aws/ssm/nature';
import type { ParameterEvent } from '../../../rehearsal/aws/ssm/ssm';
import type { WireFields } from '../../../rehearsal/aws/service';

const NATURE: SsmNature = { eventAfterMs: { least: 1_000, most: 1_000 }, lostEvents: 0, shortPages: 0 };
const SECURE = { Type: 'SecureString', KeyId: keyArn(THERE), Tier: 'Intelligent-Tiering' };
const arnOf = (name: string, region = HERE): string => `arn:aws:ssm:${region}:123456789012:parameter${name}`;

function store(nature = NATURE, seed = 'test') {
  const around = world(seed);
  const events: { readonly region: string; readonly event: ParameterEvent }[] = [];
  const ssm = new Ssm(stack(), { ...around, emit: (region, event) => void events.push({ region, event }) }, nature);
  return { ...around, ssm, events };
}

const namesIn = (fields: WireFields): readonly unknown[] =>
  (fields['Parameters'] as readonly WireFields[]).map(({ Name }) => Name);

describe('reading', () => {
  // Systems Manager API reference, GetParameter, "Response syntax".
  test('gets a parameter that the stack made, decrypted', () => {
    const { ssm } = store();
    expect(output(ssm, 'GetParameter', { Name: '/app/limits', WithDecryption: true })).toEqual({
      Parameter: {
        Name: '/app/limits',
        Type: 'SecureString',
        Value: '{"max":1}',
        Version: 1,
        LastModifiedDate: new Date(START),
        ARN: arnOf('/app/limits'),
        DataType: 'text',
      },
    });
    expect(code(ssm, 'GetParameter', { Name: '/app/none' })).toBe('ParameterNotFound');
    expect(() => answer(ssm, 'GetParameter', { Name: '/app/limits' })).toThrow('a ciphertext is not modelled');
  });

  // Systems Manager API reference, GetParametersByPath: all levels with Recursive, and nothing beside the path.
  test('lists what is below a path', () => {
    const listed = output(store().ssm, 'GetParametersByPath', { Path: '/app', Recursive: true, WithDecryption: true });
    expect(namesIn(listed)).toEqual(['/app/feature/name', '/app/limits']);
    expect(listed).not.toHaveProperty('NextToken');
  });

  // "The number of items returned, however, can be between zero and the value of MaxResults."
  test('gets every parameter once, however short and empty the pages are', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 25 }),
        (seed, most, count) => {
          const { ssm } = store({ ...NATURE, shortPages: 0.7 }, seed);
          for (let index = 0; index < count; index += 1) {
            output(ssm, 'PutParameter', { Name: `/list/${index}`, Value: 'a', Type: 'String' });
          }
          const found: unknown[] = [];
          const tokens: unknown[] = [];
          let NextToken: WireFields[string];
          do {
            const page = output(ssm, 'GetParametersByPath', {
              Path: '/list',
              Recursive: true,
              MaxResults: most,
              NextToken,
            });
            found.push(...namesIn(page));
            ({ NextToken } = page as { NextToken: WireFields[string] });
            tokens.push(NextToken);
          } while (NextToken !== undefined);
          expect(new Set(found).size).toBe(count);
          expect(found).toHaveLength(count);
          // The replicator takes a token that comes twice for a listing that does not advance.
          expect(new Set(tokens).size).toBe(tokens.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});

// Systems Manager API reference, PutParameter.
describe('writing', () => {
  test('makes a new parameter with its tags, and refuses to make it twice', () => {
    const { ssm } = store();
    const input = { Name: '/app/new', Value: 'a', ...SECURE, Tags: [{ Key: 'from', Value: 'here' }] };
    expect(output(ssm, 'PutParameter', input)).toEqual({ Version: 1, Tier: 'Standard' });
    expect(code(ssm, 'PutParameter', input)).toBe('ParameterAlreadyExists');
    expect(output(ssm, 'ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/app/new' })).toEqual({
      TagList: [{ Key: 'from', Value: 'here' }],
    });
  });

  test('overwrites with the next version and keeps the tags, but takes none', () => {
    const { ssm } = store();
    const input = { Name: '/app/new', Value: 'a', ...SECURE };
    output(ssm, 'PutParameter', { ...input, Tags: [{ Key: 'from', Value: 'here' }] });
    const again = { ...input, Value: 'b', Overwrite: true };
    expect(output(ssm, 'PutParameter', again)).toEqual({ Version: 2, Tier: 'Standard' });
    expect(ssm.value(HERE, '/app/new')).toBe('b');
    expect(code(ssm, 'PutParameter', { ...again, Tags: [{ Key: 'a', Value: 'b' }] })).toBe('ValidationException');
    expect(output(ssm, 'ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/app/new' })).toEqual({
      TagList: [{ Key: 'from', Value: 'here' }],
    });
  });

  test('does not change a type: the parameter has to be deleted and made anew', () => {
    const { ssm } = store();
    const input = { Name: '/app/limits', Value: 'a', Type: 'String', Overwrite: true };
    expect(code(ssm, 'PutParameter', input)).toBe('HierarchyTypeMismatchException');
    output(ssm, 'DeleteParameter', { Name: '/app/limits' });
    expect(output(ssm, 'PutParameter', input)).toEqual({ Version: 1, Tier: 'Standard' });
    expect(code(ssm, 'DeleteParameter', { Name: '/app/none' })).toBe('ParameterNotFound');
  });

  // Systems Manager guide, "Managing parameter tiers": intelligent tiering, 4 KB and 8 KB, no way back.
  test('takes the advanced tier for a value above 4 KB and refuses one above 8 KB', () => {
    const { ssm } = store();
    const put = { Name: '/app/large', Type: 'String', Tier: 'Intelligent-Tiering', Overwrite: true };
    expect(output(ssm, 'PutParameter', { ...put, Value: 'a'.repeat(4_096) })).toMatchObject({ Tier: 'Standard' });
    expect(output(ssm, 'PutParameter', { ...put, Value: 'a'.repeat(4_097) })).toMatchObject({ Tier: 'Advanced' });
    expect(output(ssm, 'PutParameter', { ...put, Value: 'a' })).toMatchObject({ Tier: 'Advanced' });
    expect(code(ssm, 'PutParameter', { ...put, Value: 'a'.repeat(8_193) })).toBe('ValidationException');
  });
});

// Service authorization reference, "AWS Systems Manager"; Systems Manager guide, "AWS KMS encryption for ... SecureString".
describe('the rights', () => {
  const needs = (operation: string, input: WireFields, region = HERE) =>
    store().ssm.needs(call('ssm', operation, input, region));
  const key = (action: string, name: string, region = HERE) => ({
    action,
    resource: keyArn(region),
    context: {
      'kms:ViaService': [`ssm.${region}.amazonaws.com`],
      'kms:EncryptionContext:PARAMETER_ARN': [arnOf(name, region)],
    },
  });

  test('to read are on the parameter, and on the key of a secure string', () => {
    expect(needs('GetParameter', { Name: '/app/limits' })).toEqual([
      { action: 'ssm:GetParameter', resource: arnOf('/app/limits') },
      key('kms:Decrypt', '/app/limits'),
    ]);
    expect(needs('GetParameter', { Name: '/application' })).toHaveLength(1);
  });

  test('to list are on the path, and on the key of each secure string below it', () => {
    expect(needs('GetParametersByPath', { Path: '/app' })).toEqual([
      { action: 'ssm:GetParametersByPath', resource: arnOf('/app') },
      key('kms:Decrypt', '/app/limits'),
    ]);
  });

  test('to write are further ones for tags, and on the key by tier', () => {
    const put = { Name: '/app/new', Value: 'a', ...SECURE };
    expect(needs('PutParameter', { ...put, Tags: [] }, THERE)).toEqual([
      { action: 'ssm:PutParameter', resource: arnOf('/app/new', THERE) },
      { action: 'ssm:AddTagsToResource', resource: arnOf('/app/new', THERE) },
      { action: 'ssm:AddTagsToResource', resource: arnOf('//app/new', THERE) },
      key('kms:Encrypt', '/app/new', THERE),
    ]);
    expect(needs('PutParameter', { ...put, Value: 'a'.repeat(5_000) }, THERE)).toContainEqual(
      key('kms:GenerateDataKey', '/app/new', THERE),
    );
  });
});

// Systems Manager guide, "Setting up notifications or trigger actions based on Parameter Store events".
describe('a change', () => {
  test('is told to EventBridge without the value, in the form that the replicator reads', async () => {
    const { ssm, events, run } = store();
    ssm.change(HERE, '/app/limits', '{"max":2}');
    expect(events).toEqual([]);
    await run(1);
    expect(events).toEqual([
      {
        region: HERE,
        event: {
          source: 'aws.ssm',
          'detail-type': 'Parameter Store Change',
          resources: [arnOf('/app/limits')],
          at: START,
          detail: { operation: 'Update', name: '/app/limits', type: 'SecureString', description: 'Limits' },
        },
      },
    ]);
    expect(readRequest(events[0]?.event)).toEqual({ kind: 'one', name: '/app/limits' });
  });

  test('is told as Create, Update and Delete', async () => {
    const { ssm, events, run } = store();
    output(ssm, 'PutParameter', { Name: '/app/new', Value: 'a', Type: 'String' });
    output(ssm, 'PutParameter', { Name: '/app/new', Value: 'b', Type: 'String', Overwrite: true });
    output(ssm, 'DeleteParameter', { Name: '/app/new' });
    await run(2);
    expect(events.map(({ event }) => event.detail['operation'])).toEqual(['Create', 'Update', 'Delete']);
  });

  test('may never be told: events are best effort', async () => {
    const { ssm, events, run } = store();
    ssm.loseEvents(1);
    ssm.change(HERE, '/app/limits', 'a');
    await run(60);
    expect(events).toEqual([]);
  });

  test('in a lost region is not told', async () => {
    const { ssm, events, run } = store();
    ssm.change(HERE, '/app/limits', 'a');
    ssm.silence(HERE);
    await run(60);
    ssm.restore(HERE);
    expect(events).toEqual([]);
  });

  test('fits the event bus of the rehearsal', () => {
    const emit: EventBridge['emit'] = () => undefined;
    expect(() => new Ssm(stack(), { ...world(), emit })).not.toThrow();
  });
});
