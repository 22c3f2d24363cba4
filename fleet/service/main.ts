import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { readEnv } from '../../lambda/shared/env';
import { documentClient, orderReader, sessionStore } from './adapters/dynamodb';
import { objectClient, siteReader } from './adapters/s3';
import { Application } from './application';
import { fleetEnv } from './env';
import { errorFields, jsonLog } from './log';
import { drain, listener, tune } from './server';

const SERVICE = 'trading-application';

/**
 * Starts the service and keeps it until SIGTERM or SIGINT.
 *
 * @throws EnvironmentError naming every wrong key, or what reading the TLS files failed with.
 */
function start(): void {
  const env = readEnv(fleetEnv);
  const region = env.AWS_REGION;
  const log = jsonLog({ service: SERVICE, region, environmentSuffix: env.ENVIRONMENT_SUFFIX });
  const table = documentClient(region);
  const ports = {
    sessions: sessionStore(table, env.SESSIONS_TABLE),
    orders: orderReader(table, env.ORDERS_TABLE),
    site: siteReader(objectClient(region), env.STATIC_CONTENT_BUCKET),
    log,
    now: () => Date.now(),
    newId: () => randomUUID(),
  };
  const tls = {
    key: readFileSync(env.TLS_KEY_FILE),
    cert: readFileSync(env.TLS_CERT_FILE),
    minVersion: 'TLSv1.2',
  } as const;
  const server = tune(createServer(tls, listener(new Application(region, ports), ports)));
  server.on('error', (error) => {
    log.write('error', 'the server failed', errorFields(error, true));
    process.exitCode = 1;
  });
  server.listen(env.PORT, () => log.write('info', 'listening', { port: env.PORT, node: process.version }));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void drain(server, log));
  }
}

try {
  start();
} catch (error) {
  // Said in one line: an uncaught error would print a line of the bundle, which is most of it.
  jsonLog({ service: SERVICE }).write('error', 'the service cannot start', errorFields(error));
  process.exitCode = 1;
}
