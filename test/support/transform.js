const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { transformSync, version } = require('esbuild');

/** What the compiled text depends on besides the source: jest keeps it from run to run. */
const SELF = createHash('sha256').update(`${version}\0`).update(readFileSync(module.filename)).digest('hex');

/** Tests that are compiled as `npm run build` and scripts/run.mjs compile, one file at a time; types are `npm run typecheck`. */
module.exports = {
  getCacheKey: (source, file, { instrument }) =>
    createHash('sha256').update(`${SELF}\0${file}\0${instrument}\0${source}`).digest('hex').slice(0, 32),

  process(source, file) {
    const mocked = file.endsWith('.test.ts') && /^jest\.mock\(/m.test(source);
    if (mocked)
      throw new Error(`${file}: nothing moves jest.mock above the imports: use jest.doMock and requireActual`);
    const { code, map } = transformSync(source, {
      loader: path.extname(file) === '.ts' ? 'ts' : 'js',
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      // Jest's modules know no import(); require gives the same module.
      supported: { 'dynamic-import': false },
      tsconfigRaw: { compilerOptions: { target: 'ES2022' } },
      sourcefile: file,
      sourcemap: 'external',
    });
    // As an object, which is what maps coverage back to the source.
    return { code, map: JSON.parse(map) };
  },
};
