import { NotModelledError } from '../aws/service';
import { ANSWERS, backendKey, parameterStatus, STARTUP, type MessageReader } from './wire';

/** Who wants to log in, and where; or a client that asks for TLS first. */
export function readStartup(reader: MessageReader): 'tls' | { readonly user: string; readonly database: string } {
  const asked = reader.int32();
  if (asked === STARTUP.tls) return 'tls';
  if (asked !== STARTUP.version3) throw new NotModelledError(`PostgreSQL: a start with ${asked}`);
  const settings = new Map<string, string>();
  for (let name = reader.cString(); name !== ''; name = reader.cString()) settings.set(name, reader.cString());
  const user = settings.get('user') ?? '';
  return { user, database: settings.get('database') ?? user };
}

/** What a server says to who has logged in. */
export function welcome(version: string, processId: number): Buffer {
  return Buffer.concat([
    ANSWERS.authenticated,
    parameterStatus('server_version', version),
    parameterStatus('client_encoding', 'UTF8'),
    parameterStatus('TimeZone', 'UTC'),
    backendKey(processId),
  ]);
}
