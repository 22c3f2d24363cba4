import type * as pulumi from '@pulumi/pulumi';

/**
 * A function's environment as the infrastructure fills it: exactly the keys of the handler's own contract
 * (`lambda/<function>/env.ts`), so that a key misspelt or forgotten on either side does not compile.
 */
export type EnvInputs<E> = { readonly [K in keyof E]: pulumi.Input<string> };
