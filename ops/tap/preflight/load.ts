import type * as Ports from './ports';

/**
 * Everything that preflight needs and no other verb does, loaded when it is used: Pulumi, the program and EC2's client take a
 * second or more, which a failover must not wait for. `require` and not `import()`, which in this module form would ask for the
 * file by its compiled name and could not be bundled with the rest.
 */
export function loadPorts(): typeof Ports {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the reason is above
  return require('./ports') as typeof Ports;
}
