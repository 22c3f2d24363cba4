import { running } from './global-setup';

/** Stops the database engine of the suite. */
export default async function globalTeardown(): Promise<void> {
  await running.engine?.stop();
}
