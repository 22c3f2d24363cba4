import type { BuildOptions } from 'esbuild';
import { ROOT } from '../../lib/bundles';

/** How our own sources become one CommonJS text in memory, packages left out. */
export const OWN_SOURCES = {
  absWorkingDir: ROOT,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  write: false,
  logLevel: 'warning',
} as const satisfies BuildOptions;
