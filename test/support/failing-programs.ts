import * as pulumi from '@pulumi/pulumi';
import { Provider } from '@pulumi/aws/provider';
import * as sqs from '@pulumi/aws/sqs';
import { evaluate } from '../../analysis/graph/evaluate';
import type { Program } from '../../analysis/graph/evaluate';

const queue = (name: string): sqs.Queue => new sqs.Queue('queue', { name }, { provider });
let provider: Provider;

const PROGRAMS: Readonly<Record<string, Program>> = {
  'an error inside an apply': () => {
    queue('q').arn.apply(() => {
      throw new Error('no such thing');
    });
  },
  'two logical names of one type and parent': () => {
    queue('a');
    queue('b');
  },
  'a look-up that nobody answers': () => pulumi.runtime.invoke('aws:ec2/getAmi:getAmi', {}),
  'a program that throws': () => {
    throw new Error('not today');
  },
  'a sound program afterwards': () => void queue('q'),
};

/** Runs each program and prints how it ended, as one JSON object: for a test that needs a process of its own. */
export async function main(): Promise<void> {
  const ended: Record<string, string> = {};
  for (const [title, program] of Object.entries(PROGRAMS)) {
    const withProvider = (): unknown => {
      provider = new Provider('primary', { region: 'eu-central-1' });
      return program();
    };
    ended[title] = await evaluate(withProvider).then(
      (graph) => `evaluated ${graph.created.length}`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }
  console.log(JSON.stringify(ended));
}
