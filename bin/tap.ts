import * as pulumi from '@pulumi/pulumi';
import { readBuild } from '../lib/bundles';
import { readConfig } from '../lib/config';
import { TapStack } from '../lib/tap-stack';

/** The program: configuration, the stack, its outputs. Pulumi awaits the function and exports what it returns. */
export = function program(): pulumi.Inputs {
  const config = readConfig();
  for (const warning of config.warnings) void pulumi.log.warn(warning);
  return { ...new TapStack('tap', { config, build: readBuild() }).outputs };
};
