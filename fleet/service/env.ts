import * as z from 'zod/mini';
import { everyFunction, matching, port, text } from '../../lambda/shared/env';

const file = matching(/^\/./, 'the absolute path of a file');

/** What the fleet's service needs from its environment. */
export const fleetEnv = z.object({
  ...everyFunction,
  PORT: port,
  TLS_KEY_FILE: file,
  TLS_CERT_FILE: file,
  SESSIONS_TABLE: text,
  ORDERS_TABLE: text,
  STATIC_CONTENT_BUCKET: text,
});

/** The same contract as it must be filled: every key, as text; with AWS_REGION, which no Lambda sets here. */
export type FleetEnv = Readonly<Record<keyof z.input<typeof fleetEnv> | 'AWS_REGION', string>>;
