import { TestEnvironment } from 'jest-environment-node';
import { runOutside } from './outside/run';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';

/** Jest's environment of Node.js, whose tests can have a program run outside of it (test/support/outside/ask.ts). */
export default class Environment extends TestEnvironment {
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    // What runs outside is not instrumented.
    if (!config.globalConfig.collectCoverage) Reflect.set(this.global, 'outside', runOutside);
  }
}
