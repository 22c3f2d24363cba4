import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { composeHeartbeat } from '../../../lambda/heartbeat/compose';
import { type SignalQuestion, signalsOf } from '../../../lambda/heartbeat/signals';
import { viewOf } from '../../../lambda/shared/register/protocol';
import { absentRecord, quorumOf, type RegisterRecord } from '../../../lambda/shared/register/record';
import { fakeAws } from '../support/fake-aws';
import { fakeDynamodb } from '../support/fake-dynamodb';
import { recordedTelemetry } from '../support/fakes';
import { DR, LEASE_MS, LOCATIONS, PRIMARY, QUORUM, WITNESS } from '../support/registers';
import { virtualTime } from '../support/virtual-time';

const NOW = Date.UTC(2026, 10, 24, 3, 51);
const SCHEDULE = { source: 'schedule' };

const won: RegisterRecord = {
  ...absentRecord(PRIMARY),
  leaseEnds: { [PRIMARY]: NOW + 50_000 },
  renewedAt: NOW - 10_000,
  verdict: { healthy: true, at: NOW - 12_000, writableAt: NOW - 12_000 },
  version: 7,
};

/** What dr publishes when its three registers say this; `undefined` is a register that does not answer. */
function seenByDr(
  change: Partial<Record<(typeof LOCATIONS)[number], Partial<RegisterRecord> | undefined>> = {},
  question: Partial<SignalQuestion> = {},
) {
  const readings = LOCATIONS.map((location) =>
    location in change && change[location] === undefined
      ? ({ location, known: false, why: 'time-out' } as const)
      : ({ location, known: true, record: { ...won, ...change[location] } } as const),
  );
  return signalsOf({
    seen: { at: NOW, view: viewOf(readings, QUORUM) },
    quorum: QUORUM,
    region: DR,
    otherRegion: PRIMARY,
    trafficIsDue: false,
    ...question,
  });
}

const everywhere = (record: Partial<RegisterRecord>) => ({ [PRIMARY]: record, [DR]: record, [WITNESS]: record });
const lost = { [PRIMARY]: undefined, [WITNESS]: undefined };
const FINE = { HeartbeatAgeSeconds: 10, HeartbeatUnhealthy: 0, HeartbeatUnknown: 0 };
const drActive = { activeRegion: DR, epoch: 2 };
const sick = (at: number) => ({ verdict: { healthy: false, at, writableAt: 0 } });

describe('what dr says about primary', () => {
  test.each([
    ['a fresh renewal and a good verdict are nothing', {}, FINE],
    [
      'the age is that of the register here, not of the newest renewal',
      { [DR]: { renewedAt: NOW - 40_000 } },
      { ...FINE, HeartbeatAgeSeconds: 40 },
    ],
    [
      'a clock that runs ahead gives no negative age',
      everywhere({ renewedAt: NOW + 2_000 }),
      { ...FINE, HeartbeatAgeSeconds: 0 },
    ],
    [
      'silence is an age, and neither unhealthy nor unknown',
      everywhere({ renewedAt: NOW - 90_000, ...sick(NOW - 90_000) }),
      { ...FINE, HeartbeatAgeSeconds: 90 },
    ],
    [
      'a region that is cut off goes by its own register',
      { ...lost, [DR]: { renewedAt: NOW - 25_000 } },
      { ...FINE, HeartbeatAgeSeconds: 25 },
    ],
    [
      'without its own register it says nothing about silence',
      { [DR]: undefined },
      { HeartbeatUnhealthy: 0, HeartbeatUnknown: 0 },
    ],
    ['without any register it says nothing at all', { ...lost, [DR]: undefined }, {}],
    ['primary says itself that it is unhealthy', everywhere(sick(NOW - 30_000)), { ...FINE, HeartbeatUnhealthy: 1 }],
    ['a verdict older than 30 s is unknown', everywhere(sick(NOW - 30_001)), { ...FINE, HeartbeatUnknown: 1 }],
    [
      'the newest verdict in any register counts',
      { ...everywhere(sick(NOW - 25_000)), [WITNESS]: { verdict: { healthy: true, at: NOW - 5_000, writableAt: 0 } } },
      FINE,
    ],
    [
      'while dr is active, primary owes nothing',
      everywhere({ ...drActive, renewedAt: 0 }),
      { ...FINE, HeartbeatAgeSeconds: 0 },
    ],
    [
      'after primary has released, it owes nothing',
      everywhere({ standing: 'released', renewedAt: NOW - 90_000 }),
      { ...FINE, HeartbeatAgeSeconds: 0 },
    ],
    [
      'where a claim of dr stands in its own register, the newest renewal counts',
      { [DR]: { ...drActive, standing: 'claimed', renewedAt: 0 }, [WITNESS]: { renewedAt: NOW - 3_000 } },
      { ...FINE, HeartbeatAgeSeconds: 3 },
    ],
    [
      'where only a claim is known, the region that it would replace still counts',
      {
        ...lost,
        [DR]: {
          ...drActive,
          standing: 'claimed',
          renewedAt: 0,
          lastWon: { activeRegion: PRIMARY, epoch: 1, released: false, renewedAt: NOW - 30_000 },
        },
      },
      { ...FINE, HeartbeatAgeSeconds: 30 },
    ],
    [
      'where only a claim is known that knew of nobody, nothing is known',
      { ...lost, [DR]: { ...drActive, standing: 'claimed' } },
      {},
    ],
  ] as const)('%s', (_, registers, expected) => {
    expect(seenByDr(registers)).toEqual(expected);
  });

  test('before the first renewal there is no age, or every first deployment would look like an outage', () => {
    const { verdict: _, ...never } = won;
    const readings = LOCATIONS.map(
      (location) => ({ location, known: true, record: { ...never, renewedAt: 0 } }) as const,
    );
    const question = {
      seen: { at: NOW, view: viewOf(readings, QUORUM) },
      quorum: QUORUM,
      region: DR,
      otherRegion: PRIMARY,
    };
    expect(signalsOf({ ...question, trafficIsDue: false })).toEqual({ HeartbeatUnhealthy: 0, HeartbeatUnknown: 0 });
  });

  test('without a witness the one register serves both regions', () => {
    const quorum = quorumOf(PRIMARY, DR, undefined);
    const view = viewOf([{ location: PRIMARY, known: true, record: won }], quorum);
    expect(
      signalsOf({ seen: { at: NOW, view }, quorum, region: DR, otherRegion: PRIMARY, trafficIsDue: true }),
    ).toEqual({
      ...FINE,
      FailoverActive: 0,
    });
  });

  test.each([
    ['the traffic of the highest epoch', { [WITNESS]: { traffic: { failoverActive: 1, epoch: 2 } } }, 1],
    ['nothing without a majority, so that Route 53 keeps what it knows', lost, undefined],
  ] as const)('FailoverActive is %s', (_, registers, expected) => {
    expect(seenByDr(registers, { trafficIsDue: true }).FailoverActive).toBe(expected);
  });
});

/** Both regions' heartbeats on one clock, with the SDK all the way to three regions' tables. */
function regions() {
  const time = virtualTime(NOW);
  const stores = { [PRIMARY]: fakeDynamodb(), [DR]: fakeDynamodb(), [WITNESS]: fakeDynamodb() };
  const clientOf = (region: keyof typeof stores) => {
    const aws = fakeAws(stores[region].answer);
    return { aws, client: new DynamoDBClient({ ...aws.options, region }) };
  };
  const heartbeatIn = (region: typeof PRIMARY | typeof DR) => {
    const cloudwatch = { down: false };
    const metrics = fakeAws(() => (cloudwatch.down ? { error: 'AccessDeniedException' } : { body: {} }));
    const telemetry = recordedTelemetry();
    const run = composeHeartbeat(
      {
        ENVIRONMENT_SUFFIX: 'dev',
        AWS_REGION: region,
        REGISTER_TABLE: 'register-dev',
        LEASE_TABLE: 'lease-dev',
        PRIMARY_REGION: PRIMARY,
        DR_REGION: DR,
        WITNESS_REGION: WITNESS,
        LEASE_SECONDS: LEASE_MS / 1_000,
        HEARTBEAT_INTERVAL_SECONDS: 10,
        METRICS_NAMESPACE: 'tap-dev',
      },
      {
        registers: Object.fromEntries(LOCATIONS.map((location) => [location, clientOf(location).client])),
        leases: clientOf(region).client,
        cloudwatch: new CloudWatchClient(metrics.options),
      },
      telemetry,
      { now: time.now, sleep: time.sleep, random: () => 0.9, newId: () => `id-${time.now()}` },
    );
    const published = (name: string) =>
      metrics.sent
        .flatMap(({ body }) => body['MetricData'])
        .filter((datum): datum is Record<string, unknown> => datum instanceof Object && 'MetricName' in datum)
        .filter(({ MetricName }) => MetricName === name)
        .map(({ Value }) => Value);
    return { run: () => run(SCHEDULE, time.now() + 65_000), raw: run, metrics, cloudwatch, telemetry, published };
  };
  const verdict = (region: keyof typeof stores, healthy: boolean, at: number) =>
    void stores[region].items.set('lease-dev verdict', {
      pk: { S: 'verdict' },
      healthy: { BOOL: healthy },
      at: { N: String(at) },
      writableAt: { N: String(at) },
      why: { S: 'nothing' },
    });
  return { time, stores, verdict, primary: heartbeatIn(PRIMARY), dr: heartbeatIn(DR) };
}

describe('a minute of heartbeats', () => {
  test('renews in all registers and opens the lease for the functions of the active region', async () => {
    const { primary, stores, verdict, time } = regions();
    verdict(PRIMARY, true, NOW);
    expect(await primary.run()).toEqual({ ticks: 6 });
    const lastTick = NOW + 50_000;
    expect(time.now()).toBe(lastTick);
    for (const location of LOCATIONS) {
      expect(stores[location].item('register-dev', 'register')).toMatchObject({
        version: { N: '6' },
        renewedAt: { N: String(lastTick) },
        standing: { S: 'won' },
      });
    }
    // The verdict was fresh for the first four ticks, and the last renewal carries what is known of it.
    expect(stores[WITNESS].item('register-dev', 'register')).toMatchObject({
      verdict: { M: { at: { N: String(NOW) } } },
    });
    expect(stores[PRIMARY].item('lease-dev', 'lease')).toMatchObject({
      activeRegion: { S: PRIMARY },
      leaseEnd: { N: String(lastTick + LEASE_MS) },
    });
    expect(primary.published('HeartbeatAgeSeconds')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(primary.published('FailoverActive')).toEqual([]);
    expect(primary.telemetry.errors).toEqual([]);
    expect(primary.telemetry.warnings).toEqual([]);
  });

  test('in dr watches primary fall silent and closes its own functions, each value with its time and its dimension', async () => {
    const { primary, dr, stores, time } = regions();
    await primary.run();
    time.advance(10_000);
    expect(await dr.run()).toEqual({ ticks: 6 });
    expect(dr.published('HeartbeatAgeSeconds')).toEqual([10, 20, 30, 40, 50, 60]);
    expect(dr.published('FailoverActive')).toEqual([0, 0, 0]);
    expect(stores[DR].item('lease-dev', 'lease')).toMatchObject({ activeRegion: { S: PRIMARY }, leaseEnd: { N: '0' } });
    expect(dr.metrics.sent[0]?.body).toMatchObject({
      Namespace: 'tap-dev',
      MetricData: expect.arrayContaining([
        {
          MetricName: 'HeartbeatAgeSeconds',
          Dimensions: [{ Name: 'service', Value: 'heartbeat' }],
          Timestamp: (NOW + 60_000) / 1_000,
          Value: 10,
          Unit: 'Seconds',
          StorageResolution: 1,
        },
      ]),
    });
  });

  test('goes on with one register lost, whichever', async () => {
    for (const down of [DR, WITNESS] as const) {
      const { primary, stores, verdict } = regions();
      verdict(PRIMARY, true, NOW);
      stores[down].state.down = true;
      await primary.run();
      expect(stores[PRIMARY].item('lease-dev', 'lease')).toMatchObject({
        leaseEnd: { N: String(NOW + 50_000 + LEASE_MS) },
      });
      expect(primary.telemetry.warnings).toEqual([]);
    }
  });

  test('renews nothing without a majority, and says so every time', async () => {
    const { primary, stores, verdict } = regions();
    verdict(PRIMARY, true, NOW);
    stores[DR].state.down = true;
    stores[WITNESS].state.down = true;
    await primary.run();
    expect(stores[PRIMARY].item('lease-dev', 'lease')).toBeUndefined();
    expect(primary.telemetry.warnings).toEqual(Array.from({ length: 6 }, () => 'the lease was not renewed'));
  });

  test('publishes nothing where nothing is known', async () => {
    const { dr, stores } = regions();
    for (const store of Object.values(stores)) store.state.down = true;
    await dr.run();
    expect(dr.metrics.sent).toEqual([]);
  });

  test('is not stopped by a CloudWatch that refuses', async () => {
    const { primary, stores, verdict } = regions();
    verdict(PRIMARY, true, NOW);
    primary.cloudwatch.down = true;
    expect(await primary.run()).toEqual({ ticks: 6 });
    expect(stores[PRIMARY].item('lease-dev', 'lease')).toMatchObject({
      leaseEnd: { N: String(NOW + 50_000 + LEASE_MS) },
    });
    expect(primary.telemetry.errors.map(({ message }) => message)).toContain('the signals were not published');
  });

  test('carries its own bad verdict to the other region', async () => {
    const { primary, dr, verdict } = regions();
    verdict(PRIMARY, false, NOW + 50_000);
    await primary.run();
    await dr.run();
    expect(dr.published('HeartbeatUnhealthy')).toEqual([1, 1, 1, 1, 0, 0]);
  });

  test('is for the schedule alone', async () => {
    await expect(regions().primary.raw({ action: 'sample' }, 0)).rejects.toMatchObject({ name: 'MalformedError' });
  });
});
