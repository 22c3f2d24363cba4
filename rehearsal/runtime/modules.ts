import * as nodeCrypto from 'node:crypto';
import * as nodeFs from 'node:fs';
import * as nodeFsPromises from 'node:fs/promises';
import { isIP } from 'node:net';
import * as zlib from 'node:zlib';
import { simulatedHttp } from './node-https';
import type { Container } from './container';
import type { Outside } from './ports';

/** Node's modules that reach outside or draw chance, by name without `node:`; all others are Node's own. */
export function simulatedModules(owner: () => Container, outside: Outside): ReadonlyMap<string, unknown> {
  const http = simulatedHttp(owner, outside);
  return new Map<string, unknown>([
    ['http', http],
    ['https', http],
    ['dns/promises', { Resolver: resolverOf(owner, outside) }],
    ['crypto', { ...nodeCrypto, randomUUID: () => owner().settings.random.uuid(), randomBytes: bytesOf(owner) }],
    ['console', { Console: consoleOf(owner, outside) }],
    ['dgram', { createSocket: noDaemon }],
    ['net', { isIP }],
    ['zlib', zlib],
    ['@aws/synthetics-logger', { default: { info: (line: string) => outside.log(owner(), line) }, __esModule: true }],
    ['fs', { ...nodeFs, promises: { ...nodeFsPromises, readFile: noFile } }],
    ['fs/promises', { ...nodeFsPromises, readFile: noFile }],
  ]);
}

/** Lambda has no shared configuration files; reading one would also be the only real input of a run. */
function noFile(path: string): Promise<never> {
  return Promise.reject(
    Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' }),
  );
}

function noDaemon(): never {
  throw new Error('there is no X-Ray daemon in a rehearsal');
}

function bytesOf(owner: () => Container): (size: number) => Buffer {
  return (size) => {
    const { random } = owner().settings;
    const bytes = Buffer.alloc(size);
    for (let index = 0; index < size; index += 1) bytes[index] = random.whole({ least: 0, most: 255 });
    return bytes;
  };
}

/** `node:console`: the logger makes one for its environment and keeps it. */
function consoleOf(owner: () => Container, outside: Outside): unknown {
  return class Console {
    private readonly mine = owner();

    log(line: string): void {
      outside.log(this.mine, line);
    }

    info(line: string): void {
      outside.log(this.mine, line);
    }

    warn(line: string): void {
      outside.log(this.mine, line);
    }

    error(line: string): void {
      outside.log(this.mine, line);
    }

    debug(line: string): void {
      outside.log(this.mine, line);
    }
  };
}

/** The options of `dns.promises.Resolver`, in milliseconds; `tries` counts attempts. */
interface ResolverOptions {
  readonly timeout: number;
  readonly tries: number;
}

function resolverOf(owner: () => Container, outside: Outside): unknown {
  return class Resolver {
    private server: string | undefined;

    constructor(private readonly options: ResolverOptions) {}

    setServers([server]: readonly string[]): void {
      this.server = server;
    }

    resolve4(host: string): Promise<readonly string[]> {
      return this.ask('A', host);
    }

    async resolveTxt(record: string): Promise<readonly (readonly string[])[]> {
      return (await this.ask('TXT', record)).map((text) => [text]);
    }

    private ask(kind: 'A' | 'TXT', name: string): Promise<readonly string[]> {
      const asker = owner();
      return new Promise((resolve, reject) => {
        if (!asker.mayLeave()) return;
        const failed = (code: string): Error => Object.assign(new Error(`query${kind} ${code} ${name}`), { code });
        const timer = asker.timer(this.options.timeout * this.options.tries, () => reject(failed('ETIMEOUT')));
        outside.dns(asker, { kind, name, server: this.server }, (values) => {
          asker.hear(() => {
            timer.cancel();
            if (values === undefined) reject(failed('ENOTFOUND'));
            else resolve(values);
          });
        });
      });
    }
  };
}
