/** States of a cluster in which it cannot become the writer (Aurora user guide, "Viewing DB cluster status"). */
export const HOPELESS_CLUSTER: ReadonlySet<string> = new Set([
  'cloning-failed',
  'creating',
  'deleting',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
  'migration-failed',
  'starting',
  'stopped',
  'stopping',
]);
