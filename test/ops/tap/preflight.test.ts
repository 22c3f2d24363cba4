import { evaluateStack } from '../../../analysis/graph/evaluate-stack';
import type { Graph } from '../../../analysis/graph/graph';
import { checksAt } from '../../../analysis/readiness/readiness';
import { createPreflightClients } from '../../../ops/tap/preflight/clients';
import type { Report } from '../../../ops/tap/preflight/finding';
import { look } from '../../../ops/tap/preflight/look';
import { fakeAccount, type FakeAccount, NO_ANSWER, readyAccount } from './support/fake-account';

const [PRIMARY, DR, WITNESS] = ['eu-central-1', 'eu-central-2', 'eu-west-1'] as const;
const ACCOUNT = '111122223333';
const OWN = { EnvironmentSuffix: 'dev', Repository: 'trading-platform-dr' };
const SERVERS = ['ns-1.awsdns-1.com.', 'NS-2.awsdns-2.net'];

let dev: Graph;
beforeAll(async () => {
  dev = await evaluateStack('dev');
  // An evaluation, on a machine that may be busy.
}, 120_000);

/** Looks at an account that a test has changed. */
async function lookAt(
  change: (account: FakeAccount) => void = () => undefined,
  delegated: readonly string[] | Error = SERVERS,
) {
  const account = readyAccount([PRIMARY, DR, WITNESS]);
  change(account);
  const { options, sent } = fakeAccount(account);
  const clients = createPreflightClients(options);
  const nameServersOf = () => (delegated instanceof Error ? Promise.reject(delegated) : Promise.resolve(delegated));
  const report = await look(dev, { clients, nameServersOf, now: Date.now });
  clients.close();
  return { report, sent };
}

function regionOf(account: FakeAccount, name: string) {
  const region = account.regions[name];
  if (!region) throw new Error(`there is no ${name}`);
  return region;
}

const ids = ({ findings }: Report, is: (one: Report['findings'][number]) => boolean): readonly string[] => [
  ...new Set(findings.filter(is).map(({ id }) => id)),
];
const failed = (report: Report) => ids(report, ({ verdict }) => verdict.state === 'failed');
const behind = (report: Report) => ids(report, ({ verdict }) => 'behind' in verdict);
const open = (report: Report) =>
  ids(report, ({ verdict }) => verdict.state === 'unknown' && verdict.behind === undefined);
const says = ({ findings }: Report, id: string): string =>
  findings.flatMap((one) => (one.id === id && one.verdict.state !== 'ok' ? JSON.stringify(one.verdict) : [])).join();

describe('an account that can take the stack', () => {
  test('is ready: every check of the list was looked at in it, and all are ok', async () => {
    const { report } = await lookAt();
    expect(report.findings.filter(({ verdict }) => verdict.state !== 'ok')).toEqual([]);
    expect(report).toMatchObject({ outcome: 'ready', account: ACCOUNT, regions: [PRIMARY, DR] });
    const looked = new Set(report.findings.map(({ id }) => id));
    expect(checksAt('account').filter(({ id }) => !looked.has(id))).toEqual([]);
    expect(checksAt('graph').filter(({ id }) => !looked.has(id))).toEqual([]);
    // The secret is each region's own.
    expect(report.findings.filter(({ id }) => id === 'secret-present').map(({ region }) => region)).toEqual([
      PRIMARY,
      DR,
    ]);
  });

  test('is not touched: every request reads, whatever stands in the account', async () => {
    const crowded = await lookAt((account) => {
      account.limits['roles'] = 1;
      account.limits['health-checks'] = 0;
      account.limits['clusters'] = 0;
      account.healthChecks = [{ tags: {} }];
    });
    const operations = new Set([...(await lookAt()).sent, ...crowded.sent].map(({ operation }) => operation));
    expect([...operations].filter((operation) => !/^(Get|List|Describe)[A-Za-z]+$/.test(operation))).toEqual([]);
    expect(operations.size).toBeGreaterThan(25);
  });

  test('no secret is in anything that is said of it', async () => {
    const refused = ['hunter2', 'hunter2/hunter2', 'hunter2 hunter2'].map((password) =>
      JSON.stringify({ username: 'trading', password }),
    );
    for (const text of [...refused, 'hunter2-not-json', '{"username":"user","password":"long-hunter2"}']) {
      const { report } = await lookAt((account) => {
        regionOf(account, PRIMARY).secret = { version: 'v1', text };
      });
      expect(failed(report)).toEqual(['secret-usable']);
      expect(JSON.stringify(report)).not.toContain('hunter2');
    }
  });
});

/** What makes each check of the account fail, and nothing else. */
const BROKEN: Readonly<Record<string, (account: FakeAccount) => void>> = {
  'regions-enabled': ({ status }) => (status[DR] = 'not-opted-in'),
  'zones-enough': (account) => regionOf(account, DR).zones.pop(),
  'engine-version-offered': (account) => (regionOf(account, DR).engineVersions = ['16.4']),
  'instance-class-offered': (account) => (regionOf(account, PRIMARY).instanceClasses = []),
  'fleet-type-offered': (account) => regionOf(account, DR).typeZones.pop(),
  'ami-present': (account) => (regionOf(account, DR).amis = false),
  'hosted-zone-present': ({ hostedZones }) => delete hostedZones['trading.example.com.'],
  'hosted-zone-delegated': ({ hostedZones }) =>
    (hostedZones['trading.example.com.'] = [{ isPrivate: false, servers: ['ns-9.awsdns-9.org'] }]),
  'api-logging-role': (account) => (regionOf(account, PRIMARY).loggingRole = false),
  'quota-vpcs': (account) => (account.limits['L-F678F1CE'] = 1),
  'quota-internet-gateways': (account) => (account.limits['L-A4707A72'] = 1),
  'quota-elastic-ips': (account) => (account.limits['L-0263D0A3'] = 0),
  'quota-iam-roles': (account) => (account.limits['roles'] = 34),
  'quota-s3-buckets': (account) => (account.limits['L-DC2B2D3D'] = 12),
  'quota-health-checks': (account) => (account.limits['health-checks'] = 10),
  'quota-db-clusters': (account) => (account.limits['clusters'] = 0),
  'quota-api-domains': (account) => (account.limits['L-A93447B8'] = 1),
  'secret-present': (account) => (regionOf(account, DR).secret = undefined),
  'secret-in-sync': (account) => (regionOf(account, DR).secret = { version: 'v0', text: GOOD_SECRET }),
  'concurrency-enough': (account) => (regionOf(account, DR).concurrency = 279),
  'request-rate-enough': (account) => (regionOf(account, DR).rate = 2_499),
};

const GOOD_SECRET = JSON.stringify({ username: 'trading', password: 'correct-horse' });

/** What only preflight looks at, behind a check of the list. */
const OWN_DEPENDENTS: Readonly<Record<string, readonly string[]>> = { 'secret-present': ['secret-usable'] };

function dependentsOf(id: string): readonly string[] {
  const found = new Set([id]);
  for (const check of checksAt('account')) if (check.dependsOn.some((one) => found.has(one))) found.add(check.id);
  found.delete(id);
  return [...found, ...(OWN_DEPENDENTS[id] ?? [])];
}

describe('a check of the account that is broken alone', () => {
  test('every one is broken below', () => {
    expect(Object.keys(BROKEN).sort()).toEqual(
      checksAt('account')
        .map(({ id }) => id)
        .sort(),
    );
  });

  test.each(checksAt('account').map(({ id, severity }) => [id, severity] as const))(
    '%s goes red, and only those that depend on it are not looked at',
    async (id, severity) => {
      const { report } = await lookAt((account) => BROKEN[id]?.(account));
      expect(failed(report)).toEqual([id]);
      expect([...behind(report)].sort()).toEqual([...dependentsOf(id)].sort());
      expect(report.outcome).toBe(severity === 'blocker' ? 'refused' : 'ready');
    },
  );

  test('a secret that primary lacks is found too: the list itself looks from dr', async () => {
    const { report } = await lookAt((account) => (regionOf(account, PRIMARY).secret = undefined));
    expect(failed(report)).toEqual(['secret-present']);
    const found = report.findings.filter(({ id, verdict }) => id === 'secret-present' && verdict.state === 'failed');
    expect(found.map(({ region }) => region)).toEqual([PRIMARY]);
    expect(found[0]?.fix).toContain(`aws secretsmanager create-secret --region ${PRIMARY} --name trading/database`);
  });

  test('a region that is not enabled is not asked: it would blame the credentials', async () => {
    const { report, sent } = await lookAt(({ status }) => (status[DR] = 'not-opted-in'));
    const first = ['GetCallerIdentity', 'DescribeRegions'];
    expect(sent.filter(({ region, operation }) => region === DR && !first.includes(operation))).toEqual([]);
    expect(says(report, 'concurrency-enough')).toContain(`${DR} is not enabled`);
  });
});

describe('quotas', () => {
  test('what fits exactly is ok, and one less is not: the fix asks for what is needed', async () => {
    // One VPC is there, and the stack adds one in each region.
    expect(failed((await lookAt(({ limits }) => (limits['L-F678F1CE'] = 2))).report)).toEqual([]);
    const { report } = await lookAt(({ limits }) => (limits['L-F678F1CE'] = 1));
    const vpcs = report.findings.find(({ id }) => id === 'quota-vpcs');
    expect(vpcs?.verdict).toEqual({
      state: 'failed',
      found: [PRIMARY, DR].map((region) => `${region}: 1 vpcs and 1 more are over the quota of 1`),
    });
    expect(vpcs?.fix).toContain(
      `aws service-quotas request-service-quota-increase --region ${DR} --service-code vpc --quota-code L-F678F1CE --desired-value 2`,
    );
  });

  test('what a deployed stack has itself is not counted a second time', async () => {
    const { report } = await lookAt((account) => {
      for (const name of [PRIMARY, DR]) {
        const region = regionOf(account, name);
        region.vpcs = region.gateways = region.addresses = [{ tags: OWN }];
        region.clusters = [`aurora-${name}-dev`];
        region.domains = [`api-${name}.dev.trading.example.com`, 'api.dev.trading.example.com'];
      }
      account.roles = dev.all('aws:iam/role:Role').map(({ inputs }) => String(inputs['name']));
      account.buckets = dev
        .all('aws:s3/bucket:Bucket')
        .map(({ inputs }) => String(inputs['bucket']).replace('123456789012', ACCOUNT));
      account.healthChecks = Array.from({ length: 11 }, () => ({ tags: OWN }));
      const tight = { 'L-F678F1CE': 1, 'L-A4707A72': 1, 'L-0263D0A3': 1, 'L-DC2B2D3D': 12, 'L-A93447B8': 2 };
      Object.assign(account.limits, tight, { roles: 34, 'health-checks': 11, clusters: 1 });
    });
    expect([...failed(report), ...open(report)]).toEqual([]);
  });

  test('another stack of the same program counts in full', async () => {
    const { report } = await lookAt((account) => {
      account.limits['L-0263D0A3'] = 1;
      regionOf(account, DR).addresses = [{ tags: { ...OWN, EnvironmentSuffix: 'pr-7' } }];
    });
    expect(failed(report)).toEqual(['quota-elastic-ips']);
  });

  test('a value that was never raised is the default', async () => {
    const { report, sent } = await lookAt((account) => {
      account.fault = (operation) => (operation === 'GetServiceQuota' ? 'NoSuchResourceException' : undefined);
    });
    expect(report.outcome).toBe('ready');
    expect(sent.map(({ operation }) => operation)).toContain('GetAWSDefaultServiceQuota');
  });
});

describe('the hosted zone', () => {
  test('a private zone of the name is none', async () => {
    const { report } = await lookAt(({ hostedZones }) => {
      hostedZones['trading.example.com.'] = [{ isPrivate: true, servers: SERVERS }];
    });
    expect(failed(report)).toEqual(['hosted-zone-present']);
  });

  test('that nobody is sent to is found, and DNS that does not answer is not taken for it', async () => {
    expect(failed((await lookAt(undefined, [])).report)).toEqual(['hosted-zone-delegated']);
    const silent = (await lookAt(undefined, Object.assign(new Error('queryNs ETIMEOUT'), { code: 'ETIMEOUT' }))).report;
    expect(failed(silent)).toEqual([]);
    expect(silent.outcome).toBe('unknown');
  });

  test('two public zones of one name are told, because the deployment takes neither', async () => {
    const { report } = await lookAt(({ hostedZones }) => {
      const zone = { isPrivate: false, servers: SERVERS };
      hostedZones['trading.example.com.'] = [zone, zone];
    });
    expect(says(report, 'hosted-zone-present')).toContain('there are 2 public zones of trading.example.com');
  });
});

describe('bucket names', () => {
  const name = `audit-logs-${ACCOUNT}-${DR}-dev`;

  test('somebody else’s bucket is found', async () => {
    const { report } = await lookAt((account) => (account.taken = { [name]: 'open' }));
    expect(failed(report)).toEqual(['bucket-names-free']);
    expect(says(report, 'bucket-names-free')).toContain(name);
  });

  test('a refusal is no proof: it may be the right that is missing', async () => {
    const { report } = await lookAt((account) => (account.taken = { [name]: 'denied' }));
    expect(failed(report)).toEqual([]);
    expect(open(report)).toEqual(['bucket-names-free']);
    expect(says(report, 'bucket-names-free')).toContain(`s3:GetBucketLocation on ${name}`);
  });
});

describe('what cannot be asked', () => {
  test('a right that is missing is named, and the rest is looked at all the same', async () => {
    const { report } = await lookAt((account) => {
      account.fault = (operation) => (operation === 'GetAccountSummary' ? 'AccessDenied' : undefined);
    });
    expect(open(report)).toEqual(['quota-iam-roles']);
    expect(says(report, 'quota-iam-roles')).toContain('not allowed: it takes the right iam:GetAccountSummary');
    expect(report.outcome).toBe('unknown');
  });

  test('too many requests are told as such', async () => {
    const { report } = await lookAt((account) => {
      account.fault = (operation) => (operation === 'GetAccount' ? 'TooManyRequestsException' : undefined);
    });
    expect([...open(report)].sort()).toEqual(['api-logging-role', 'request-rate-enough']);
    expect(says(report, 'api-logging-role')).toContain('too many requests');
  });

  test('a blocker that is certain is told although the other region is dark', async () => {
    const { report } = await lookAt((account) => {
      account.fault = (_, region) => (region === DR ? NO_ANSWER : undefined);
      regionOf(account, PRIMARY).engineVersions = [];
      account.limits['L-F678F1CE'] = 1;
    });
    expect(failed(report)).toEqual(['engine-version-offered', 'quota-vpcs']);
    expect(report.outcome).toBe('refused');
    expect(open(report)).toContain('zones-enough');
    expect(says(report, 'zones-enough')).toContain(`${DR}: ec2:DescribeAvailabilityZones: no answer`);
    // Of primary alone, which has enough.
    expect(report.findings.find(({ id }) => id === 'regions-enabled')?.verdict.state).toBe('ok');
  });

  test('a dark region alone leaves it open whether the stack can be deployed', async () => {
    const { report } = await lookAt((account) => {
      account.fault = (_, region) => (region === DR ? NO_ANSWER : undefined);
    });
    expect(failed(report)).toEqual([]);
    expect(report.outcome).toBe('unknown');
  });

  test('credentials that have expired end it at once, with one sentence', async () => {
    const expired = lookAt((account) => {
      account.fault = () => 'ExpiredToken';
    });
    await expect(expired).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('the AWS credentials have expired'),
    });
  });
});
