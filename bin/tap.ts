import * as pulumi from '@pulumi/pulumi';
import { readBuild } from '../lib/bundles';
import { readConfig } from '../lib/config-read';
import { refuseDuringRun } from '../lib/run-check';
import { TapStack } from '../lib/tap-stack';

/** The program: configuration, the stack, its outputs. Pulumi awaits the function and exports what it returns. */
export = async function program(): Promise<pulumi.Inputs> {
  const config = readConfig();
  for (const warning of config.warnings) void pulumi.log.warn(warning);
  await refuseDuringRun(config);
  return { ...new TapStack('tap', { config, build: readBuild() }).outputs };
};
