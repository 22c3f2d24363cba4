import { z } from 'zod';
import { OutputsError, parseOutputs } from '../../outputs-schema';
import { TapError } from '../errors';
import { EXIT } from '../exit-codes';
import { defineVerb } from '../verb';

/** Those that a person looks for; absent where that workload is switched off. */
const SHOWN = [
  'apiEndpoint',
  'applicationEndpoint',
  'primaryEndpoint',
  'drEndpoint',
  'primaryDashboardUrl',
  'drDashboardUrl',
  'operatorRoleArn',
];

export const outputs = defineVerb({
  name: 'outputs',
  summary: 'write the names and addresses of a deployed stack to a file that all other verbs go by',
  description:
    'Asks the Pulumi CLI for the outputs of a stack and writes them to cfn-outputs/flat-outputs.json. Every other verb, and the ' +
    'integration tests, read that file: once it is there, an emergency needs neither Pulumi nor its state.',
  examples: [
    ['npx tap outputs', 'after "pulumi up": of the stack that "pulumi stack select" chose'],
    ['npx tap outputs --stack dev', 'of another stack'],
    ['npx tap outputs --json', 'print all of them as well'],
  ],
  declare: (command) => command,
  form: z.object({}),
  async run({ machine, terminal, stackOption }) {
    try {
      const values = await machine.outputs.pulumi(stackOption);
      const { environmentSuffix } = parseOutputs(values, `stack ${stackOption ?? '(selected)'}`);
      const file = await machine.outputs.write(values);
      terminal.line(`${Object.keys(values).length} outputs of stack ${environmentSuffix} written to ${file}`);
      for (const key of SHOWN) {
        const value = values[key];
        if (typeof value === 'string') terminal.line(`  ${key.padEnd(20)} ${value}`);
      }
      terminal.result(values);
      return EXIT.done;
    } catch (error) {
      if (!(error instanceof OutputsError)) throw error;
      throw new TapError(EXIT.unreachable, error.message, { cause: error });
    }
  },
});
