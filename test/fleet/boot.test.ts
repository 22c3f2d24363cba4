import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bootScript, BootValueError, USER_DATA_LIMIT } from '../../fleet/boot';
import type { BootArgs } from '../../fleet/boot';
import { buildService } from '../../scripts/fleet-artifact';
import { call } from './support/https';

const ROOT = path.resolve(__dirname, '../..');
const ARGS: BootArgs = {
  region: 'eu-central-2',
  artifactsBucket: 'artifacts-123456789012-eu-central-2-dev',
  service: { key: 'rtc/fleet/service-ab.tar', sha256: 'ab'.repeat(32) },
  runtime: { key: 'rtc/fleet/node-24.22.0-cd.tgz', sha256: 'cd'.repeat(32), binary: 'package/bin/node' },
  environment: {
    AWS_REGION: 'eu-central-2',
    ENVIRONMENT_SUFFIX: 'dev',
    PORT: '8443',
    SESSIONS_TABLE: 'sessions-dev',
    ORDERS_TABLE: 'orders-dev',
    STATIC_CONTENT_BUCKET: 'static-content-123456789012-eu-central-2-dev',
  },
};

describe('the script', () => {
  const script = bootScript(ARGS);

  test('is valid for bash, stops at the first failure, and fits into user data with names of full length', () => {
    expect(spawnSync('bash', ['-n'], { input: script }).stderr.toString()).toBe('');
    expect(script).toMatch(/^#!\/bin\/bash\n(#.*\n)*set -euo pipefail\n/);
    const long = 'x'.repeat(255);
    const environment = { ...ARGS.environment, SESSIONS_TABLE: long, ORDERS_TABLE: long, STATIC_CONTENT_BUCKET: long };
    expect(bootScript({ ...ARGS, environment }).length).toBeLessThan(USER_DATA_LIMIT);
  });

  test("fetches both objects from the region's own bucket, with limits, and takes them only with the right digest", () => {
    expect(script).toContain(`fetch 'rtc/fleet/service-ab.tar' '${'ab'.repeat(32)}' "$work/service.tar"`);
    expect(script).toContain(`fetch 'rtc/fleet/node-24.22.0-cd.tgz' '${'cd'.repeat(32)}' "$work/runtime.tgz"`);
    expect(script).toContain(`timeout 120 aws s3 cp --region 'eu-central-2'`);
    expect(script).toContain('"s3://artifacts-123456789012-eu-central-2-dev/$1" "$3"');
    expect(script).toContain('sha256sum -c --status');
  });

  test('asks nobody outside the region: the only addresses in it are the instance itself and its metadata', () => {
    const addresses = [...script.matchAll(/https?:\/\/([^/:\s"]+)/g)].map(([, host]) => host);
    expect(new Set(addresses)).toEqual(new Set(['169.254.169.254', '127.0.0.1']));
    expect(script).not.toMatch(/\b(dnf|yum|npm|pip|wget|git)\b/);
  });

  test('asks for metadata with a token only, because IMDSv1 is off', () => {
    expect(script).toContain('X-aws-ec2-metadata-token-ttl-seconds');
    const reads = script.match(/^.*latest\/meta-data.*$/gm);
    expect(reads).toHaveLength(1);
    expect(reads?.[0]).toContain('X-aws-ec2-metadata-token: $token');
  });

  test('every expansion of a value that is not its own is quoted', () => {
    const code = script.replace(/#.*$/gm, '').replace(/<< 'ENVIRONMENT'[\s\S]*?\nENVIRONMENT\n/, '');
    const unquoted = code.split('\n').flatMap((line) => {
      const outside = line.replace(/"(\\.|[^"])*"/g, '').replace(/'[^']*'/g, '');
      return [...outside.matchAll(/\$(?!\()\w+/g)].map(([found]) => `${found} in ${line}`);
    });
    expect(unquoted).toEqual([]);
  });

  test.each(["a'b", 'a b', 'a$(id)', 'a\nb', 'a`b', 'a"b', 'a;b', ''])(
    'refuses %j, which the shell would read as more than a value',
    (value) => {
      const environment = { ...ARGS.environment, ORDERS_TABLE: value };
      expect(() => bootScript({ ...ARGS, environment })).toThrow(BootValueError);
      expect(() => bootScript({ ...ARGS, artifactsBucket: value })).toThrow(
        `artifactsBucket is ${JSON.stringify(value)}`,
      );
      for (const args of [
        { region: value },
        { service: { ...ARGS.service, key: value } },
        { service: { ...ARGS.service, sha256: value } },
        { runtime: { ...ARGS.runtime, key: value } },
        { runtime: { ...ARGS.runtime, sha256: value } },
        { runtime: { ...ARGS.runtime, binary: value } },
      ]) {
        expect(() => bootScript({ ...ARGS, ...args })).toThrow(BootValueError);
      }
    },
  );
});

describe('the unit', () => {
  const unit = readFileSync(path.join(ROOT, 'fleet/trading-application.service'), 'utf8');

  test.each([
    'User=trading',
    'Restart=always',
    'StartLimitIntervalSec=0',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'CapabilityBoundingSet=',
  ])('says %s', (line) => {
    expect(unit.split('\n')).toContain(line);
  });

  test('waits longer for the service than the service drains', () => {
    expect(unit).toContain('TimeoutStopSec=30');
  });
});

/** A machine in a folder: the commands that would change this one are replaced, the rest is real. */
class Machine {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'fleet-boot-'));
  private readonly bin = path.join(this.folder, 'bin');

  constructor(failedFetches: number, pollSeconds = 0.2) {
    mkdirSync(this.bin);
    mkdirSync(path.join(this.folder, 'bucket/rtc/fleet'), { recursive: true });
    mkdirSync(path.join(this.folder, 'etc/systemd/system'), { recursive: true });
    this.command(
      'aws',
      `echo "aws $*" >> ${this.folder}/calls
      [ "$(grep -c '^aws ' ${this.folder}/calls)" -le ${failedFetches} ] && { echo 'An error occurred (404)' >&2; exit 1; }
      cp "${this.folder}/bucket/\${6#s3://*/}" "$7"`,
    );
    for (const name of ['useradd', 'chown', 'journalctl', 'sleep'])
      this.command(name, `echo "${name} $*" >> ${this.folder}/calls`);
    this.command(
      'curl',
      `case "$*" in
      *169.254.169.254/latest/api/token*) echo token;;
      *X-aws-ec2-metadata-token:\\ token*instance-id*) echo i-0123456789abcdef0;;
      *169.254*) exit 22;;
      *) /bin/sleep ${pollSeconds}; exec ${execFileSync('which', ['curl']).toString().trim()} "$@";;
      esac`,
    );
    this.command(
      'systemctl',
      `[ "$1" = enable ] || exit 0
      set -a; . ${this.folder}/etc/trading-application/environment; set +a
      cd ${this.folder}/opt/trading-application/service
      ${this.folder}/opt/trading-application/runtime/bin/node server.js > ${this.folder}/journal 2>&1 < /dev/null &
      echo $! > ${this.folder}/pid`,
    );
  }

  put(key: string, bytes: Buffer): { key: string; sha256: string } {
    writeFileSync(path.join(this.folder, 'bucket', key), bytes);
    return { key, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** The registry's layout around a `node` that is this machine's own. */
  packRuntime(): Buffer {
    const source = path.join(this.folder, 'source');
    mkdirSync(path.join(source, 'package/bin'), { recursive: true });
    mkdirSync(path.join(source, 'package/include'));
    writeFileSync(path.join(source, 'package/include/node.h'), '');
    writeFileSync(path.join(source, 'package/bin/node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
    return execFileSync('tar', ['-czf', '-', '-C', source, 'package']);
  }

  boot(args: BootArgs): { readonly status: number | null; readonly output: string } {
    const script = bootScript(args)
      .replaceAll('/opt/', `${this.folder}/opt/`)
      .replaceAll('/etc/', `${this.folder}/etc/`)
      .replaceAll('/dev/console', `${this.folder}/console`);
    writeFileSync(path.join(this.folder, 'console'), '');
    const env = { ...process.env, PATH: `${this.bin}:${process.env['PATH']}` };
    const { status, stdout, stderr } = spawnSync('bash', ['-s'], { input: script, env, timeout: 60_000 });
    return { status, output: stdout.toString() + stderr.toString() };
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  /** Ends the service, if it was started, and waits until it has gone. */
  async stop(): Promise<void> {
    const pid = Number(this.read('pid'));
    if (isRunning(pid)) process.kill(pid, 'SIGTERM');
    for (let i = 0; i < 50 && isRunning(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isRunning(pid)).toBe(false);
  }

  private command(name: string, body: string): void {
    writeFileSync(path.join(this.bin, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('a boot', () => {
  let archive: Buffer;
  let machine: Machine;
  beforeAll(async () => {
    const outDir = mkdtempSync(path.join(tmpdir(), 'fleet-boot-build-'));
    archive = readFileSync((await buildService({ root: ROOT, outDir })).path);
    rmSync(outDir, { recursive: true });
  });
  afterEach(async () => {
    if (existsSync(path.join(machine.folder, 'pid'))) await machine.stop();
    rmSync(machine.folder, { recursive: true });
  });

  const objects = (): Pick<BootArgs, 'service' | 'runtime'> => ({
    service: machine.put('rtc/fleet/service-ab.tar', archive),
    runtime: { ...machine.put('rtc/fleet/node.tgz', machine.packRuntime()), binary: 'package/bin/node' },
  });

  test('waits for replication, unpacks both objects, starts the built service, and ends on SIGTERM', async () => {
    machine = new Machine(2);
    const port = await freePort();
    const booted = machine.boot({ ...ARGS, ...objects(), environment: { ...ARGS.environment, PORT: String(port) } });
    expect(booted.output).toMatch(new RegExp(`fleet boot: i-0123456789abcdef0 serves on port ${port} after \\d+ s\n`));
    expect(booted.status).toBe(0);
    expect(machine.read('calls').match(/^(aws|sleep).*$/gm)).toEqual([
      expect.stringMatching(/^aws s3 cp .*node\.tgz/),
      'sleep 10',
      expect.stringMatching(/^aws s3 cp .*node\.tgz/),
      'sleep 10',
      expect.stringMatching(/^aws s3 cp .*node\.tgz/),
      expect.stringMatching(/^aws s3 cp .*service-ab\.tar/),
      ...(machine.read('calls').match(/^sleep 1$/gm) ?? []),
    ]);

    const reply = await call(port, '/health/live');
    expect([reply.status, reply.text]).toEqual([200, '{"region":"eu-central-2"}']);
    expect(() => statSync(path.join(machine.folder, 'opt/trading-application/runtime/include'))).toThrow('ENOENT');
    expect(statSync(path.join(machine.folder, 'etc/trading-application/tls.key')).mode & 0o777).toBe(0o640);

    await machine.stop();
    const lines = machine.read('journal').trim().split('\n');
    const messages = lines
      .filter((line) => line.startsWith('{'))
      .map((line) => (JSON.parse(line) as { message: string }).message);
    expect(messages[0]).toBe('listening');
    expect(messages.slice(-2)).toEqual(['draining', 'drained']);
  });

  test('gives up, and says so on the console, when an object never arrives', () => {
    machine = new Machine(1_000);
    const { status, output } = machine.boot({ ...ARGS, ...objects() });
    const said =
      'fleet boot: GIVING UP: rtc/fleet/node.tgz is not in the bucket artifacts-123456789012-eu-central-2-dev: run pulumi up --refresh\n';
    expect(status).toBe(1);
    expect(output).toContain(said);
    expect(machine.read('console')).toBe(said);
    expect(machine.read('calls').match(/^aws/gm)).toHaveLength(30);
  });

  test('never runs an object whose bytes are not those of the program', () => {
    machine = new Machine(0);
    const { service, runtime } = objects();
    const { status, output } = machine.boot({ ...ARGS, runtime, service: { ...service, sha256: 'ab'.repeat(32) } });
    expect(status).toBe(1);
    expect(output).toContain('GIVING UP: rtc/fleet/service-ab.tar is not in the bucket');
    expect(() => machine.read('pid')).toThrow('ENOENT');
  });

  test('a step that fails is named with its line', () => {
    machine = new Machine(0);
    const { service, runtime } = objects();
    const { status, output } = machine.boot({
      ...ARGS,
      service,
      runtime: { ...runtime, binary: 'package/bin/missing' },
    });
    expect(status).toBe(1);
    expect(output).toMatch(/GIVING UP: line \d+ failed: tar -xzf/);
  });

  test('a service that does not come up is said with its own log', () => {
    machine = new Machine(0, 0.03);
    const environment = { ...ARGS.environment, PORT: '0' };
    const { status, output } = machine.boot({ ...ARGS, ...objects(), environment });
    expect(status).toBe(1);
    expect(output).toContain('GIVING UP: the service does not answer');
    expect(JSON.parse(machine.read('journal'))).toMatchObject({
      level: 'error',
      message: 'the service cannot start',
      error:
        'EnvironmentError: The function\'s environment is wrong:\nPORT is "0"; allowed: a port between 1 and 65535',
    });
  });
});
