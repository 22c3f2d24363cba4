import { readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * All tests of components in one jest file: jest loads every module afresh for each file, and Pulumi's take a second. One
 * component alone: `npx jest components -t network`.
 */
const FOLDERS = ['foundation', 'data', 'services', 'routing', 'detection', 'recovery'];

for (const folder of FOLDERS) {
  const files = readdirSync(path.join(__dirname, folder)).filter((file) => file.endsWith('.test.ts'));
  for (const file of files) {
    describe(`${folder}/${path.basename(file, '.test.ts')}`, () => {
      jest.requireActual(path.join(__dirname, folder, file));
    });
  }
}
