import '@pulumi/pulumi/runtime/settings';

declare module '@pulumi/pulumi/runtime/settings' {
  /** Asks the monitor what it supports (secrets, ...); exported by Pulumi, left out of its declarations (settings.ts). */
  export function awaitFeatureSupport(): Promise<void>;
}
