import { compilePattern } from '../../../rehearsal/aws/eventbridge/event-pattern';
import { compileTransformer } from '../../../rehearsal/aws/eventbridge/input-transformer';
import type { JsonObject } from '../../../rehearsal/aws/eventbridge/event';

const matches = (pattern: object, event: JsonObject): boolean => compilePattern(JSON.stringify(pattern))(event);

/** The example of the guide's page "Event patterns". */
const EC2 = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
};

describe('an event pattern, by the examples of the EventBridge guide', () => {
  // "Event patterns", "Arrays in event patterns", "Comparison operators".
  test.each<[string, object, boolean]>([
    [
      'every field of the pattern, in its place',
      { source: ['aws.ec2'], 'detail-type': [EC2['detail-type']], detail: { state: ['terminated'] } },
      true,
    ],
    ['one of several values', { source: ['aws.fargate', 'aws.ec2'] }, true],
    ['character by character', { source: ['AWS.ec2'] }, false],
    ['a field that is missing', { detail: { reason: ['terminated'] } }, false],
    ['the same field elsewhere', { state: ['terminated'] }, false],
    ['one element of a list', { resources: EC2.resources }, true],
    ['prefix', { time: [{ prefix: '2017-12-22' }] }, true],
    ['prefix of something else', { time: [{ prefix: '2017-10-02' }] }, false],
    ['suffix', { time: [{ suffix: 'Z' }] }, true],
    ['wildcard', { resources: [{ wildcard: 'arn:aws:ec2:*:instance/i-*' }] }, true],
    ['wildcard that does not fit', { resources: [{ wildcard: 'arn:aws:ec2:*:volume/*' }] }, false],
    ['wildcard with a dot that is a dot', { source: [{ wildcard: 'a.s.ec2*' }] }, false],
    ['anything but', { detail: { state: [{ 'anything-but': 'initializing' }] } }, true],
    ['anything but, in the list', { detail: { state: [{ 'anything-but': ['stopped', 'terminated'] }] } }, false],
    ['anything but a prefix', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }, true],
    ['anything but, of a field that is missing', { detail: { other: [{ 'anything-but': 'x' }] } }, false],
    ['exists', { detail: { state: [{ exists: true }] } }, true],
    ['exists, of no leaf', { detail: [{ exists: true }] }, false],
    ['does not exist', { detail: { 'c-count': [{ exists: false }] } }, true],
    ['equals, ignoring case', { detail: { state: [{ 'equals-ignore-case': 'TERMINATED' }] } }, true],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern, EC2)).toBe(expected);
  });

  test('numbers and null', () => {
    const pattern = {
      detail: {
        'c-count': [{ numeric: ['>', 0, '<=', 5] }],
        'd-count': [{ numeric: ['<', 10] }],
        'x-limit': [{ numeric: ['=', 3.018e2] }],
        responseElements: [null],
      },
    };
    const detail = { 'c-count': 5, 'd-count': 9, 'x-limit': 301.8, responseElements: null };
    expect(matches(pattern, { detail })).toBe(true);
    expect(matches(pattern, { detail: { ...detail, 'c-count': 6 } })).toBe(false);
    expect(matches(pattern, { detail: { ...detail, responseElements: '' } })).toBe(false);
  });

  test.each([
    [{ ip: [{ cidr: '10.0.0.0/24' }] }, 'the filter cidr'],
    [{ $or: [{ a: ['b'] }] }, '$or'],
    [{ a: [{ 'anything-but': { wildcard: 'x*' } }] }, 'the filter anything-but'],
  ])('a filter that is not modelled says so: %j', (pattern, message) => {
    expect(() => compilePattern(JSON.stringify(pattern))).toThrow(message);
  });

  test('values outside a list are refused', () => {
    expect(() => compilePattern('{"source":"aws.ec2"}')).toThrow(SyntaxError);
  });
});

describe('an input transformer, by the table of the EventBridge guide', () => {
  // "Input transformation", Input transform examples.
  const event = { time: '2015-11-11T21:29:54Z', detail: { 'instance-id': 'i-0123456789', state: 'RUNNING' } };
  const paths = {
    timestamp: '$.time',
    instance: '$.detail.instance-id',
    state: '$.detail.state',
    gone: '$.detail.gone',
  };

  test('fills texts and values, and leaves out what the event does not have', () => {
    const filled = (template: string): string => compileTransformer(paths, template)(event);
    expect(filled('"instance <instance> is in <state>"')).toBe('"instance i-0123456789 is in RUNNING"');
    expect(filled('"instance \\"<instance>\\" is in <state>"')).toBe('"instance \\"i-0123456789\\" is in RUNNING"');
    expect(filled('{"instance" : <instance>, "state": "<state>"}')).toBe(
      '{"instance" : "i-0123456789", "state": "RUNNING"}',
    );
    expect(filled('{"state": [ 9, <state>, true ]}')).toBe('{"state": [ 9, "RUNNING", true ]}');
    // "If you specify a variable to match a JSON path that doesn't exist in the event, that variable [...] won't appear".
    expect(filled('"nothing <gone>there"')).toBe('"nothing there"');
  });

  test.each([
    [{ a: '$.resources[0]' }, '"<a>"', 'the path $.resources[0]'],
    [{}, '"<aws.events.rule-name>"', 'the variable <aws.events.rule-name>'],
  ])('what is not modelled says so', (some, template, message) => {
    expect(() => compileTransformer(some, template)).toThrow(message);
  });
});
