import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Case } from './emulator/case';
import { AUTO_SCALING, CLOUDWATCH, LAMBDA, RDS } from './emulator/control-cases';
import { emulatedSide } from './emulator/emulated';
import { KNOWN } from './emulator/known';
import { SNS, SQS } from './emulator/message-cases';
import type { Side } from './emulator/sides';
import { simulatedSide } from './emulator/simulated';
import { S3, SECRETS, SSM } from './emulator/store-cases';

// The same calls, sent by the real clients, to the simulation and to public emulators of AWS: none of them is AWS, but they were
// written by others from the same documentation. DynamoDB, of which most depends, has a file of its own.

/** Every call that our handlers send and emulators have. */
const CASES: readonly (readonly [string, readonly Case[]])[] = [
  ['SQS', SQS],
  ['SNS', SNS],
  ['SSM', SSM],
  ['Secrets Manager', SECRETS],
  ['S3', S3],
  ['CloudWatch', CLOUDWATCH],
  ['Auto Scaling', AUTO_SCALING],
  ['RDS', RDS],
  ['Lambda', LAMBDA],
];

/** Emulators, and how they are told a port. */
const EMULATORS = [
  { emulator: 'moto', command: 'moto_server', start: (port: number) => ({ args: ['-p', String(port)], env: {} }) },
  {
    emulator: 'ministack',
    command: 'ministack',
    start: (port: number) => ({ args: [], env: { GATEWAY_PORT: String(port) } }),
  },
] as const;

function installed(command: string): boolean {
  try {
    execFileSync(command, ['--help'], { stdio: 'pipe' });
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

type Outcome = Readonly<Record<string, unknown>>;

/** An answer without the SDK's own part, or an error as the handlers tell one from another. */
async function outcome({ run }: Case, side: Side): Promise<Outcome> {
  try {
    return Object.fromEntries(Object.entries(await run(side)).filter(([key]) => key !== '$metadata'));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
    const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
    return { error: error.name, status: status ? metadata.httpStatusCode : undefined };
  }
}

/** Another one each time, on both sides: compared by what kind of value it is. */
const VOLATILE =
  /(Id|Arn|ARN|ETag|Token|Date|Timestamp|Endpoint|KmsKeyId|StateReason|CodeSha256|VersionIdsToStages|Readers\.0)$/;

/** Where two answers differ in what the simulation says; emulators say more, which no handler of ours reads. */
function differences(ours: unknown, theirs: unknown, path: string): readonly string[] {
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((value, index) => differences(value, theirs[index], `${path}.${index}`));
  }
  if (isFields(ours) && isFields(theirs) && !VOLATILE.test(path)) {
    return Object.entries(ours).flatMap(([key, value]) => differences(value, theirs[key], `${path}.${key}`));
  }
  const same = VOLATILE.test(path) ? kindOf(ours) === kindOf(theirs) : JSON.stringify(ours) === JSON.stringify(theirs);
  return same ? [] : [`${path}: ${JSON.stringify(ours)}, and there ${JSON.stringify(theirs)}`];
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

const kindOf = (value: unknown): string => (value instanceof Date ? 'date' : typeof value);

describe.each(EMULATORS)('the simulation and $emulator', ({ emulator, command, start }) => {
  const there = installed(command);
  let server: ChildProcess | undefined;
  const sides: Side[] = [];

  beforeAll(async () => {
    if (!there) return;
    const port = await freePort();
    const { args, env } = start(port);
    server = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
    await listening(port);
    sides.push(simulatedSide(), await emulatedSide(`http://127.0.0.1:${port}`));
  }, 60_000);

  afterAll(() => {
    if (server?.pid !== undefined) process.kill(-server.pid);
  });

  for (const [service, cases] of CASES) {
    (there ? test : test.skip)(
      `answer calls of ${service} alike (skipped where ${emulator} is not installed)`,
      async () => {
        const [simulated, emulated] = sides;
        if (!simulated || !emulated) throw new Error(`${emulator} did not start`);
        const surprises: string[] = [];
        for (const one of cases) {
          const [ours, theirs] = [await outcome(one, simulated), await outcome(one, emulated)];
          surprises.push(...differences(ours, theirs, one.name));
        }
        const known = KNOWN.filter(({ emulators }) => emulators.includes(emulator));
        expect(surprises.filter((surprise) => !known.some(({ where }) => surprise.startsWith(where)))).toEqual([]);
      },
    );
  }
});

async function listening(port: number): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch (error) {
      if (attempt === 150) throw error;
      await delay(200);
    }
  }
}
