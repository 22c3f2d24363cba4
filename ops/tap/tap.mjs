#!/usr/bin/env node
// The operator's command: `npx tap VERB`. Bundled on the fly, like every program of ours (scripts/run.mjs).
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const run = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'scripts', 'run.mjs');
process.argv.splice(1, 1, run, 'ops/tap/main.ts');
await import(run);
