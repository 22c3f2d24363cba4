import { parseArgs } from 'node:util';
import { OUTPUTS_FILE, parseOutputs, writeOutputs } from './outputs-file';
import { pulumiOutputs } from './pulumi-outputs';

const USAGE = `usage: npm run outputs -- [--stack NAME] [--file FILE]

Writes the outputs of a deployed stack to cfn-outputs/flat-outputs.json, which the integration tests read.
  --stack NAME  the stack; default: the one that "pulumi stack select" chose
  --file FILE   another place to write to`;

/** Asks Pulumi for the outputs and writes them flat: name to value. @throws OutputsError saying what to do. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stack: { type: 'string' },
      file: { type: 'string', default: OUTPUTS_FILE },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const outputs = await pulumiOutputs(values.stack);
  parseOutputs(outputs, `stack ${values.stack ?? '(selected)'}`);
  writeOutputs(outputs, values.file);
  console.log(`${Object.keys(outputs).length} outputs written to ${values.file}`);
}
