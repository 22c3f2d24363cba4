import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { QueueDoesNotExist, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { S3 } from '../../../rehearsal/aws/s3/s3';
import { SecretsManager } from '../../../rehearsal/aws/secretsmanager/secrets-manager';
import { Sns } from '../../../rehearsal/aws/sns/sns';
import { Sqs } from '../../../rehearsal/aws/sqs/sqs';
import { Ssm } from '../../../rehearsal/aws/ssm/ssm';
import { endpointOf } from '../../../rehearsal/wire/endpoint';
import { PROTOCOLS } from '../../../rehearsal/wire/protocols';
import { bucketName, HERE, queueUrl, secretArn, stack, topicArn } from './fixture';
import { CALLER, world } from './support';
import type { Answer, Service, ServiceName } from '../../../rehearsal/aws/service';
import type { WireRequest, WireResponse } from '../../../rehearsal/wire/wire';

// The SDK's own serialisers, checks and error classes over what the services answer: as the handlers see it.
function clients() {
  const around = world();
  const graph = stack();
  const sqs = new Sqs(graph, around);
  const all: Partial<Record<ServiceName, Service>> = {
    sqs,
    sns: new Sns(graph, { ...around, sqs }),
    ssm: new Ssm(graph, { ...around, emit: () => undefined }),
    secretsmanager: new SecretsManager(graph, around, { username: 'app', password: 'secret' }),
    s3: new S3(graph, around),
  };
  const handle = (request: WireRequest): Promise<{ response: WireResponse }> => {
    const { service, region } = endpointOf(request.hostname);
    const { operation, input } = PROTOCOLS[service].decode(request);
    const call = { region, service, operation, input, caller: CALLER };
    all[service]?.needs(call);
    return new Promise((resolve) => {
      all[service]?.handle(call, (answer: Answer) => {
        resolve({ response: PROTOCOLS[service].encode(operation, answer) });
      });
    });
  };
  const options = {
    region: HERE,
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } },
  };
  // The handler's body is bytes, where the SDK's type wants a stream of Node; its deserialisers take both.
  const as = <T>(make: (given: object) => T): T => make(options);
  return {
    sqs: as((given) => new SQSClient(given)),
    sns: as((given) => new SNSClient(given)),
    ssm: as((given) => new SSMClient(given)),
    secrets: as((given) => new SecretsManagerClient(given)),
    s3: as((given) => new S3Client(given)),
    turn: around.turn,
  };
}

const QueueUrl = queueUrl(HERE);

describe('the SDK’s clients', () => {
  test('take the answers of SQS, whose digests they check', async () => {
    const { sqs } = clients();
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'näh' }));
    expect(sent.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    const Entries = [
      { Id: '0', MessageBody: 'a' },
      { Id: '1', MessageBody: '\u0000' },
    ];
    const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect([batch.Successful?.map(({ Id }) => Id), batch.Failed?.map(({ Id }) => Id)]).toEqual([['0'], ['1']]);
    const none = sqs.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}-none`, MessageBody: 'a' }));
    await expect(none).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  test('take the answers of SNS', async () => {
    const { sns } = clients();
    const input = { TopicArn: topicArn(HERE), Subject: 'a & b', Message: 'text' };
    expect((await sns.send(new PublishCommand(input))).MessageId).toMatch(/^[0-9a-f-]{36}$/);
    const long = sns.send(new PublishCommand({ ...input, Subject: 'a'.repeat(100) }));
    await expect(long).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('take the answers of Parameter Store', async () => {
    const { ssm } = clients();
    const get = (Name: string) => ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    expect((await get('/app/limits')).Parameter).toMatchObject({
      Value: '{"max":1}',
      LastModifiedDate: expect.any(Date) as unknown,
    });
    await expect(get('/app/none')).rejects.toBeInstanceOf(ParameterNotFound);
    const put = ssm.send(new PutParameterCommand({ Name: '/app/limits', Value: 'a', Type: 'SecureString' }));
    await expect(put).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  });

  test('take the answers of Secrets Manager', async () => {
    const { secrets } = clients();
    const SecretId = secretArn(HERE);
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    expect(SecretString).toBe('{"username":"app","password":"secret"}');
    expect(await secrets.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({ PrimaryRegion: HERE });
    const none = secrets.send(new DescribeSecretCommand({ SecretId: 'none' }));
    await expect(none).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  test('take the answers of S3', async () => {
    const { s3 } = clients();
    const input = { Bucket: bucketName(HERE), Key: 'runs/1', Body: Buffer.from('{}'), IfNoneMatch: '*' };
    expect((await s3.send(new PutObjectCommand(input))).ETag).toMatch(/^".+"$/);
    await expect(s3.send(new PutObjectCommand(input))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  // The SDK has a class for the one answer and none for the other: who looks for NoSuchKey alone needs s3:ListBucket.
  test('hear of S3 that a key is not there only with the right to list the bucket', async () => {
    const { s3, turn } = clients();
    const missing = () => s3.send(new GetObjectCommand({ Bucket: bucketName(HERE), Key: 'runs/2' }));
    await expect(missing()).rejects.toBeInstanceOf(NoSuchKey);
    turn.allows = () => false;
    await expect(missing()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });
});
