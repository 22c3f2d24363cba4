import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { ROOT } from '../../lib/bundles';
import { OTHER_CREDENTIALS } from '../../scripts/build';
import { importedNames, trimSdk } from '../../scripts/trim-sdk';

/** Asks RDS and DynamoDB, whose answers are errors, and tells what was thrown. */
const ENTRY = `
  import { Readable } from 'node:stream';
  import { DescribeGlobalClustersCommand, RDSClient } from '@aws-sdk/client-rds';
  import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const client = (Client, statusCode, contentType, text) => new Client({
    region: 'eu-central-1', maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { metadata: { handlerProtocol: 'http/1.1' }, destroy() {}, async handle() {
      return { response: { statusCode, headers: { 'content-type': contentType }, body: Readable.from([Buffer.from(text)]) } };
    } },
  });
  const thrown = (work) => work.then(() => undefined, ({ name, message }) => ({ name, message }));
  export const rds = () => thrown(client(RDSClient, 404, 'text/xml',
    '<ErrorResponse><Error><Type>Sender</Type><Code>GlobalClusterNotFoundFault</Code><Message>no such cluster</Message></Error></ErrorResponse>',
  ).send(new DescribeGlobalClustersCommand({})));
  export const dynamodb = () => client(DynamoDBClient, 400, 'application/x-amz-json-1.0',
    JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'refused', Item: { pk: { S: 'kept' } } }),
  ).send(new PutItemCommand({ TableName: 't', Item: {} })).catch((error) =>
    ({ known: error instanceof ConditionalCheckFailedException, item: error.Item }));
`;

const answers = z.object({
  rds: z.function({ input: [], output: z.promise(z.unknown()) }),
  dynamodb: z.function({ input: [], output: z.promise(z.unknown()) }),
});

const folder = mkdtempSync(path.join(tmpdir(), 'trim-sdk-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function bundled(names: ReadonlySet<string> | undefined, file: string): Promise<{ bytes: number; file: string }> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    mainFields: ['module', 'main'],
    external: OTHER_CREDENTIALS,
    plugins: names ? [trimSdk(names)] : [],
    write: false,
  });
  const [output] = outputFiles;
  if (!output) throw new Error('esbuild made no file');
  writeFileSync(path.join(folder, file), output.contents);
  return { bytes: output.contents.length, file: path.join(folder, file) };
}

test('a trimmed client still reads answers: errors that we name are instances, the others keep name and message', async () => {
  const { file } = await bundled(new Set(['ConditionalCheckFailedException']), 'ours.js');
  const { rds, dynamodb } = answers.parse(jest.requireActual(file));
  await expect(rds()).resolves.toEqual({ name: 'GlobalClusterNotFoundFault', message: 'no such cluster' });
  await expect(dynamodb()).resolves.toEqual({ known: true, item: { pk: { S: 'kept' } } });
});

test('it is worth it: without trimming the same two clients are a tenth larger at least', async () => {
  const ours = await bundled(importedNames(path.join(ROOT, 'lambda')), 'ours.js');
  const untrimmed = await bundled(undefined, 'untrimmed.js');
  expect(ours.bytes).toBeLessThan(0.9 * untrimmed.bytes);
});

test('what our handlers import from AWS is found, whatever the import looks like', () => {
  const names = importedNames(path.join(ROOT, 'lambda'));
  expect(names).toContain('ConditionalCheckFailedException');
  expect(names).toContain('DynamoDBClient');
});
