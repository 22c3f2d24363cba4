import { SecretsManager } from '../../../rehearsal/aws/secretsmanager/secrets-manager';
import { altered, HERE, secretArn, stack, THERE } from '../sqs/fixture';
import { answer, call, code, output, START, world } from '../sqs/support';

const FUNCTION = 'aws:lambda/function:Function';
const CREDENTIALS = { username: 'app', password: 'correct horse' };

function secrets() {
  const around = world();
  const manager = new SecretsManager(stack(), around, CREDENTIALS, { replicationMs: { least: 2_000, most: 2_000 } });
  const read = (region: string): unknown => {
    const { SecretString } = output(manager, 'GetSecretValue', { SecretId: secretArn(region) }, region);
    return JSON.parse(String(SecretString));
  };
  return { ...around, manager, read };
}

describe('the existing database secret', () => {
  // Secrets Manager API reference, GetSecretValue.
  test('is read by its ARN or by its name, in its own region', () => {
    const { manager } = secrets();
    expect(output(manager, 'GetSecretValue', { SecretId: secretArn(THERE) }, THERE)).toEqual({
      ARN: secretArn(THERE),
      Name: 'trading/database',
      VersionId: expect.any(String) as unknown,
      SecretString: JSON.stringify(CREDENTIALS),
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(START),
    });
    expect(answer(manager, 'GetSecretValue', { SecretId: 'trading/database' })).toMatchObject({ ok: true });
    expect(code(manager, 'GetSecretValue', { SecretId: secretArn(THERE) })).toBe('ResourceNotFoundException');
  });

  // The same page: "If the secret is encrypted using a customer-managed key ... you also need kms:Decrypt".
  test('needs the right to read it and to its key; to describe it needs no key', () => {
    const { manager } = secrets();
    const SecretId = secretArn(HERE);
    expect(manager.needs(call('secretsmanager', 'GetSecretValue', { SecretId }))).toEqual([
      { action: 'secretsmanager:GetSecretValue', resource: SecretId },
      {
        action: 'kms:Decrypt',
        resource: expect.stringMatching(/^arn:aws:kms:eu-central-1:123456789012:key\//) as unknown,
        context: {
          'kms:ViaService': [`secretsmanager.${HERE}.amazonaws.com`],
          'kms:EncryptionContext:SecretARN': [SecretId],
        },
      },
    ]);
    expect(manager.needs(call('secretsmanager', 'DescribeSecret', { SecretId }))).toEqual([
      { action: 'secretsmanager:DescribeSecret', resource: SecretId },
    ]);
  });

  // Secrets Manager API reference, DescribeSecret, ReplicationStatus and DeletedDate.
  test('tells at home of its replicas, and everywhere of its deletion', () => {
    const { manager } = secrets();
    const described = output(manager, 'DescribeSecret', { SecretId: secretArn(HERE) });
    expect(described).toMatchObject({ PrimaryRegion: HERE, ReplicationStatus: [{ Region: THERE, Status: 'InSync' }] });
    expect(described).not.toHaveProperty('DeletedDate');
    manager.scheduleDeletion(THERE);
    const there = output(manager, 'DescribeSecret', { SecretId: secretArn(THERE) }, THERE);
    expect(there).toHaveProperty('DeletedDate');
    expect(there).not.toHaveProperty('ReplicationStatus');
    expect(code(manager, 'GetSecretValue', { SecretId: secretArn(THERE) }, THERE)).toBe('InvalidRequestException');
  });

  // Secrets Manager guide, "Replicate AWS Secrets Manager secrets across Regions": a rotation reaches the replicas too.
  test('is rotated at home first, in its replicas a little later', async () => {
    const { manager, read, run } = secrets();
    const next = { username: 'app', password: 'battery staple' };
    manager.rotate(next);
    await run(1);
    expect([read(HERE), read(THERE)]).toEqual([next, CREDENTIALS]);
    expect(output(manager, 'DescribeSecret', { SecretId: secretArn(HERE) })).toMatchObject({
      ReplicationStatus: [{ Region: THERE, Status: 'InProgress' }],
    });
    await run(2);
    expect(read(THERE)).toEqual(next);
  });

  test('is one to a region: functions with different ones are not modelled', () => {
    const graph = altered(stack(), FUNCTION, () => ({ environment: { variables: { ID: secretArn(HERE) } } }));
    const [fn] = graph.all(FUNCTION);
    const second = {
      ...fn,
      inputs: { environment: { variables: { ID: secretArn(HERE).replace('AbCdEf', 'XyZxYz') } } },
    };
    const twice = Object.assign(Object.create(graph) as typeof graph, { all: () => [fn, second] });
    expect(() => new SecretsManager(twice, world(), CREDENTIALS)).toThrow('a second secret in eu-central-1');
  });
});
