import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as pulumi from '@pulumi/pulumi';
import { Provider } from '@pulumi/aws/provider';
import * as sqs from '@pulumi/aws/sqs';
import { ROOT } from '../../lib/bundles';
import { evaluate } from '../support/evaluate';

class Pair extends pulumi.ComponentResource {
  constructor(name: string) {
    super('tap:test:Pair', name);
    const provider = new Provider('primary', { region: 'eu-central-1' }, { parent: this });
    const dlq = new sqs.Queue(`${name}-dlq`, { name: 'orders-dlq-test' }, { parent: this, provider });
    new sqs.Queue(
      `${name}-queue`,
      {
        name: 'orders-queue-test',
        redrivePolicy: dlq.arn.apply((arn) => JSON.stringify({ deadLetterTargetArn: arn })),
      },
      { parent: this, provider, ignoreChanges: ['tags'], customTimeouts: { delete: '5m' } },
    );
    this.registerOutputs({});
  }
}

const QUEUE = 'aws:sqs/queue:Queue';

describe('evaluating a program in process', () => {
  test('sees the full request: region, parent, dependencies, options', async () => {
    const graph = await evaluate(() => {
      new Pair('orders');
      return { answer: 42 };
    });

    const queue = graph.one(QUEUE, 'orders-queue');
    expect(queue.region).toBe('eu-central-1');
    expect(graph.parents(queue).map((parent) => parent.type)).toEqual(['tap:test:Pair', 'pulumi:pulumi:Stack']);
    expect(graph.dependsOn(queue, graph.one(QUEUE, 'orders-dlq'))).toBe(true);
    expect(queue.inputs['redrivePolicy']).toBe(
      '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:123456789012:orders-dlq-test"}',
    );
    expect(queue.options.ignoreChanges).toEqual(['tags']);
    expect(queue.options.customTimeouts).toEqual({ delete: '5m' });
    expect(graph.outputs).toEqual({ answer: 42 });
  });

  test('a first preview knows nothing that AWS has yet to make', async () => {
    const seen: string[] = [];
    const graph = await evaluate(
      () => {
        const provider = new Provider('primary', { region: 'eu-central-1' });
        new sqs.Queue('queue', { name: 'q' }, { provider }).arn.apply((arn) => seen.push(arn));
      },
      { preview: true },
    );

    expect(graph.all(QUEUE)).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  test("fails with the program's own words, and leaves the process alive for the next one", async () => {
    // In a process of its own: jest claims every unhandled rejection for itself.
    const command = ['scripts/run.mjs', 'test/support/failing-programs.ts'];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
    expect(JSON.parse(stdout)).toEqual({
      'an error inside an apply': 'no such thing',
      'two logical names of one type and parent':
        'two resources have the URN urn:pulumi:test::tap::aws:sqs/queue:Queue::queue',
      'a look-up that nobody answers':
        'the evaluation has no answer for the look-up aws:ec2/getAmi:getAmi (analysis/graph/lookups.ts)',
      'a program that throws': 'not today',
      'a sound program afterwards': 'evaluated 1',
    });
  });

  test('secrets are marked, warnings captured, and runs do not see each other', async () => {
    const graph = await evaluate(
      () => {
        const provider = new Provider('primary', { region: new pulumi.Config().require('region') });
        new sqs.Queue('queue', { name: pulumi.secret('q') }, { provider });
        void pulumi.log.warn('mind the gap');
      },
      { config: { 'tap:region': 'us-east-1' } },
    );
    const queue = graph.one(QUEUE, 'queue');
    expect(queue.inputs['name']).toBe('q');
    expect(queue.secretInputs).toEqual(['name']);
    expect(queue.region).toBe('us-east-1');
    expect(graph.warnings).toEqual(['mind the gap']);
  });
});
