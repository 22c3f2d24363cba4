import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import { parseConfig } from './config/parse';
import type { TapConfig } from './config/schema';

/** The variable in which Pulumi's language host names the configuration keys that are secret. */
const SECRET_KEYS_VARIABLE = 'PULUMI_CONFIG_SECRET_KEYS';

/**
 * Reads and checks the configuration of the stack that is being deployed: the only reader of Pulumi configuration, called
 * once, before the first resource.
 *
 * @throws ConfigError with all faults at once.
 */
export function readConfig(): TapConfig {
  return parseConfig(pulumi.runtime.allConfig(), {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    secretKeys: secretKeys(process.env[SECRET_KEYS_VARIABLE]),
  });
}

function secretKeys(json = '[]'): readonly string[] {
  return z.array(z.string()).parse(JSON.parse(json || '[]'));
}
