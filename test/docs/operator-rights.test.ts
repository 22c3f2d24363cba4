import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { type Graph, text } from '../../analysis/graph/graph';
import { keyNeeds } from '../../rehearsal/aws/sqs/access';
import type { Need } from '../../rehearsal/aws/service';
import { Authorizer } from '../../rehearsal/iam/authorizer';
import { blocksOf, PAGES, pageText } from './support/runbook-pages';

// What a page sends the person on call to must be allowed: at three in the morning AccessDenied is a second outage (F6, N14).

let graph: Graph;
let iam: Authorizer;
beforeAll(async () => {
  graph = await evaluateStack('dev');
  iam = new Authorizer(graph);
}, 60_000);

const REGIONS = ['eu-central-1', 'eu-central-2'];
const ACCOUNT = '123456789012';

function denied(needs: readonly Need[]): string | undefined {
  const caller = { principal: text(graph.outputs, 'operatorRoleArn'), from: 'outside', name: 'ann' };
  return iam.denied(caller, needs);
}

/** As AWS names the resource in a refusal: the group with its streams. */
const readLog = (region: string, group: string): readonly Need[] => [
  { action: 'logs:FilterLogEvents', resource: `arn:aws:logs:${region}:${ACCOUNT}:log-group:${group}:log-stream:` },
];

/** SQS opens what is encrypted with the rights of who receives it (SQS developer guide, "Key management", consumers). */
function readQueue(url: string, action: 'sqs:GetQueueAttributes' | 'sqs:ReceiveMessage'): readonly Need[] {
  const queue = graph.all('aws:sqs/queue:Queue').find(({ outputs }) => outputs['url'] === url);
  if (!queue?.region) throw new Error(`there is no queue ${url}`);
  const resource = text(queue.outputs, 'arn');
  const key = text(queue.inputs, 'kmsMasterKeyId');
  const open = keyNeeds(['kms:Decrypt'], key, `sqs.${queue.region}`, ['aws:sqs:arn', resource]);
  return [{ action, resource }, ...(action === 'sqs:ReceiveMessage' ? open : [])];
}

const logGroups = () =>
  graph
    .all('aws:cloudwatch/logGroup:LogGroup')
    .map(({ inputs, region = '' }) => ({ region, group: text(inputs, 'name') }));

test('the log of every function is the operator’s to read, in both regions, and no other log (F6)', () => {
  const readable = logGroups().filter(({ region, group }) => denied(readLog(region, group)) === undefined);
  const functions = graph
    .all('aws:lambda/function:Function')
    .map(({ region = '', outputs }) => ({ region, group: `/aws/lambda/${text(outputs, 'name')}` }));
  const sorted = (of: readonly { region: string; group: string }[]) =>
    of.map(({ region, group }) => `${region} ${group}`).sort();
  expect(sorted(readable)).toEqual(sorted(functions));
  expect(denied(readLog('eu-central-1', '/aws/lambda/heartbeat-pr-1'))).toContain('no statement allows it');
});

test('every log that a page names by its function is one that there is', () => {
  const groups = new Set(logGroups().map(({ group }) => group));
  const named = PAGES.flatMap((page) =>
    [...pageText(page).matchAll(/\blog\s+of\s+`([a-z-]+)`/g)].map(([, name = '']) => name),
  );
  expect(named).toEqual(expect.arrayContaining(['primary-probe', 'heartbeat', 'reconciler', 'parameter-replicator']));
  expect(named.filter((name) => !groups.has(`/aws/lambda/${name}-dev`))).toEqual([]);
});

test.each(['primaryAlertQueueUrl', 'drAlertQueueUrl', 'primaryOrderDlqUrl', 'drOrderDlqUrl'])(
  'the queue of the output %s may be counted and read, and what is in it decrypted',
  (output) => {
    expect(pageText('docs/alarms.md')).toContain(`\`${output}\``);
    const url = text(graph.outputs, output);
    expect(denied(readQueue(url, 'sqs:GetQueueAttributes'))).toBeUndefined();
    expect(denied(readQueue(url, 'sqs:ReceiveMessage'))).toBeUndefined();
    // Who reads evidence must not be able to remove it.
    const [{ resource } = { resource: '' }] = readQueue(url, 'sqs:ReceiveMessage');
    expect(denied([{ action: 'sqs:DeleteMessage', resource }])).toContain('no statement allows it');
  },
);

test('the orders that wait for the processor are nobody’s to receive: each would be hidden from it for minutes', () => {
  for (const output of ['primaryOrderQueueUrl', 'drOrderQueueUrl'])
    expect(denied(readQueue(text(graph.outputs, output), 'sqs:ReceiveMessage'))).toContain('no statement allows it');
});

test('every AWS command of docs/alarms.md is one of those that the role is granted for', () => {
  const commands = blocksOf('docs/alarms.md').flatMap(({ commands: all }) => all);
  const asked = commands.map((command) => command.split(' ').slice(0, 3).join(' '));
  expect(asked).toEqual(['aws logs tail', 'aws sqs get-queue-attributes', 'aws sqs receive-message']);
  for (const command of commands) expect(REGIONS.some((region) => command.includes(`--region ${region} `))).toBe(true);
});

test.each(['dev', 'pr', 'us'])('the policy of the role fits into what IAM takes, in stack %s', async (stack) => {
  const { inputs } = (await evaluateStack(stack)).one('aws:iam/rolePolicy:RolePolicy', 'operators-policy');
  const { length } = text(inputs, 'policy').replaceAll(/\s/g, '');
  // IAM user guide, "IAM and STS quotas": all inline policies of a role together, without white space.
  expect(length).toBeLessThan(10_240 * 0.8);
});
