import type { GraphResource } from '../../../../analysis/graph/graph';
import { AutoScaling } from '../../../../rehearsal/aws/autoscaling/autoscaling';
import { CloudWatch } from '../../../../rehearsal/aws/cloudwatch/cloudwatch';
import { Lambda } from '../../../../rehearsal/aws/lambda/lambda';
import { Rds } from '../../../../rehearsal/aws/rds/rds';
import { S3 } from '../../../../rehearsal/aws/s3/s3';
import { SecretsManager } from '../../../../rehearsal/aws/secretsmanager/secrets-manager';
import { Sns } from '../../../../rehearsal/aws/sns/sns';
import { Sqs } from '../../../../rehearsal/aws/sqs/sqs';
import { Ssm } from '../../../../rehearsal/aws/ssm/ssm';
import type { Service, ServiceName } from '../../../../rehearsal/aws/service';
import { endpointOf } from '../../../../rehearsal/wire/endpoint';
import { PROTOCOLS } from '../../../../rehearsal/wire/protocols';
import type { WireRequest, WireResponse } from '../../../../rehearsal/wire/wire';
import { CALLER, world } from '../../sqs/support';
import { ACCOUNT, graphOf, HERE, resource, runtimeOf, THERE } from '../support';
import {
  ALARM,
  BUCKET,
  CLUSTER,
  clientsOf,
  COMPOSITE,
  ENGINE,
  FUNCTION,
  GLOBAL,
  GROUP,
  PARAMETERS,
  QUEUE,
  SECRET,
  SIZES,
  TOPIC,
} from './sides';
import type { Side } from './sides';

/** The simulated services, over a graph of the same stack. */
export function simulatedSide(): Side {
  const around = world();
  const { clock, random } = around;
  const graph = graphOf(...messages(), ...stores(), ...alarms(), ...fleet(), ...databases(), ...functions());
  const sqs = new Sqs(graph, around);
  const services: Partial<Record<ServiceName, Service>> = {
    sqs,
    sns: new Sns(graph, { ...around, sqs }),
    ssm: new Ssm(graph, { ...around, emit: () => undefined }),
    secretsmanager: new SecretsManager(graph, around, { username: 'app', password: 'secret' }),
    s3: new S3(graph, around),
    cloudwatch: new CloudWatch(graph, clock, random, {
      functions: around.functions,
      topics: { publish: () => undefined },
    }),
    autoscaling: new AutoScaling(graph, clock, random, {
      stores: () => ({ sessions: true, site: true }),
      onCapacity: () => undefined,
    }),
    rds: new Rds(graph, clock, random, {}),
    lambda: new Lambda(graph, {
      clock,
      random,
      runtime: runtimeOf('exports.handler = async () => 1;'),
      nature: { coldStartMs: { least: 1, most: 1 }, warmStartMs: { least: 1, most: 1 } },
      crashes: () => false,
      skew: () => 0,
      mayInvoke: () => undefined,
      exerciseRole: () => undefined,
      mappings: () => {
        throw new Error('there are no mappings');
      },
      onEnd: () => undefined,
    }),
  };
  const handle = (request: WireRequest): Promise<{ response: WireResponse }> => {
    const { service, region } = endpointOf(request.hostname);
    const { operation, input } = PROTOCOLS[service].decode(request);
    return new Promise((resolve) => {
      services[service]?.handle({ region, service, operation, input, caller: CALLER }, (answer) => {
        resolve({ response: PROTOCOLS[service].encode(operation, answer) });
      });
    });
  };
  return {
    ...clientsOf({ requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } } }),
    names: {
      queueUrl: `https://sqs.${HERE}.amazonaws.com/${ACCOUNT}/${QUEUE}`,
      topicArn: `arn:aws:sns:${HERE}:${ACCOUNT}:${TOPIC}`,
      clusterArn: clusterArn(HERE, CLUSTER),
    },
  };
}

function messages(): readonly GraphResource[] {
  const url = `https://sqs.${HERE}.amazonaws.com/${ACCOUNT}/${QUEUE}`;
  const queue = { arn: `arn:aws:sqs:${HERE}:${ACCOUNT}:${QUEUE}`, url };
  return [
    resource('aws:sqs/queue:Queue', QUEUE, { name: QUEUE, messageRetentionSeconds: 345_600 }, queue),
    resource('aws:sns/topic:Topic', TOPIC, { name: TOPIC }, { arn: `arn:aws:sns:${HERE}:${ACCOUNT}:${TOPIC}` }),
  ];
}

function stores(): readonly GraphResource[] {
  const parameters = PARAMETERS.map(({ Name, Type, Value }) =>
    resource(
      'aws:ssm/parameter:Parameter',
      Name,
      { name: Name, type: Type, value: Value },
      { arn: `arn:aws:ssm:${HERE}:${ACCOUNT}:parameter${Name}` },
    ),
  );
  return [
    ...parameters,
    resource('aws:s3/bucket:Bucket', BUCKET, { bucket: BUCKET }, { arn: `arn:aws:s3:::${BUCKET}` }),
  ];
}

function alarms(): readonly GraphResource[] {
  const arn = (name: string) => ({ arn: `arn:aws:cloudwatch:${HERE}:${ACCOUNT}:alarm:${name}` });
  const metric = {
    name: ALARM,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0.5,
    evaluationPeriods: 1,
    period: 60,
    statistic: 'Maximum',
    namespace: 'demo',
    metricName: 'm',
    dimensions: { service: 's' },
    treatMissingData: 'notBreaching',
  };
  const composite = { alarmName: COMPOSITE, alarmRule: `ALARM(${ALARM})` };
  return [
    resource('aws:cloudwatch/metricAlarm:MetricAlarm', ALARM, metric, arn(ALARM)),
    resource('aws:cloudwatch/compositeAlarm:CompositeAlarm', COMPOSITE, composite, arn(COMPOSITE)),
  ];
}

function fleet(): readonly GraphResource[] {
  const { MinSize, DesiredCapacity, MaxSize } = SIZES;
  const inputs = {
    name: GROUP,
    minSize: MinSize,
    desiredCapacity: DesiredCapacity,
    maxSize: MaxSize,
    vpcZoneIdentifiers: ['subnet-a'],
  };
  return [
    resource('aws:ec2/subnet:Subnet', 'subnet-a', { availabilityZone: `${HERE}a` }),
    resource('aws:autoscaling/group:Group', GROUP, inputs, { arn: `arn:aws:autoscaling:${HERE}:${ACCOUNT}:group` }),
  ];
}

const clusterArn = (region: string, name: string): string => `arn:aws:rds:${region}:${ACCOUNT}:cluster:${name}`;

function databases(): readonly GraphResource[] {
  const engine = { engine: ENGINE.Engine, engineVersion: ENGINE.EngineVersion };
  const cluster = (name: string, region: string, inputs: object) =>
    resource(
      'aws:rds/cluster:Cluster',
      name,
      { clusterIdentifier: name, globalClusterIdentifier: GLOBAL, ...engine, ...inputs },
      {
        arn: clusterArn(region, name),
        clusterResourceId: `cluster-${name}`,
        endpoint: `${name}.cluster-abc.${region}.rds.amazonaws.com`,
        readerEndpoint: `${name}.cluster-ro-abc.${region}.rds.amazonaws.com`,
      },
      region,
    );
  const instance = (name: string, clusterIdentifier: string, region: string) =>
    resource(
      'aws:rds/clusterInstance:ClusterInstance',
      name,
      { identifier: name, clusterIdentifier, instanceClass: 'db.r6g.large' },
      { arn: `arn:aws:rds:${region}:${ACCOUNT}:db:${name}`, endpoint: `${name}.abc.${region}.rds.amazonaws.com` },
      region,
    );
  const user = { masterUsername: 'app', masterPassword: 'secret-secret', databaseName: 'trading' };
  return [
    resource(
      'aws:rds/globalCluster:GlobalCluster',
      GLOBAL,
      { globalClusterIdentifier: GLOBAL, ...engine },
      {
        arn: `arn:aws:rds::${ACCOUNT}:global-cluster:${GLOBAL}`,
        endpoint: `${GLOBAL}.global-abc.global.rds.amazonaws.com`,
      },
    ),
    cluster(CLUSTER, HERE, user),
    instance(`${CLUSTER}-1`, CLUSTER, HERE),
    cluster('trading-there', THERE, {}),
    instance('trading-there-1', 'trading-there', THERE),
  ];
}

/** The function in both regions; what it is given is where the secret is. */
function functions(): readonly GraphResource[] {
  return [HERE, THERE].map((region) => {
    const secret = `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${SECRET}-AbCdEf`;
    const environment = { variables: { DATABASE_SECRET_ID: secret } };
    const inputs = { name: FUNCTION, role: 'role', code: { path: 'dist/sample' }, environment };
    const arn = `arn:aws:lambda:${region}:${ACCOUNT}:function:${FUNCTION}`;
    return resource('aws:lambda/function:Function', FUNCTION, inputs, { arn }, region);
  });
}
