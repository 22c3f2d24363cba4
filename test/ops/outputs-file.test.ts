import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { OutputsError, readOutputs, writeOutputs } from '../../ops/outputs-file';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'outputs-'));
  file = path.join(folder, 'flat-outputs.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function refusal(): string {
  try {
    readOutputs(file);
  } catch (error) {
    if (error instanceof OutputsError) return error.message.replaceAll(folder, '');
    throw error;
  }
  throw new Error('it was taken for outputs');
}

test('a file that is not there is no fault: nothing was deployed from this folder', () => {
  expect(readOutputs(file)).toBeUndefined();
});

test('a folder in its place is one: going by another stack’s outputs instead would be worse than stopping', () => {
  mkdirSync(file);
  expect(refusal()).toMatch(/^\/flat-outputs\.json cannot be read: .*EISDIR: illegal operation on a directory/);
});

test.each([
  ['cut off in the middle', '{"environ', /^\/flat-outputs\.json is not JSON: Unterminated string/],
  ['empty', '', /^\/flat-outputs\.json is not JSON: Unexpected end of JSON input/],
  [
    'no object',
    'null',
    /^\/flat-outputs\.json does not hold the outputs of a deployed stack:\n {2}the whole of it: Invalid input/,
  ],
  ['of another program', '{"vpcId":"vpc-1"}', /stack:\n {2}environmentSuffix: Invalid input/],
])('a file that is %s is named, with what is wrong in it', (_, text, told) => {
  writeFileSync(file, text);
  expect(refusal()).toMatch(told);
});

test('an output that is empty would be taken for a name: it is named too', () => {
  writeOutputs({ environmentSuffix: '' }, file);
  expect(refusal()).toMatch(/\n {2}environmentSuffix: Too small/);
});
