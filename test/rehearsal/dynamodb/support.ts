import { NO_OPTIONS } from '../../support/resource-options';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Graph } from '../../../analysis/graph/graph';
import type { GraphResource, Values } from '../../../analysis/graph/graph';
import { DynamoDb } from '../../../rehearsal/aws/dynamodb/dynamodb';
import type { DynamoDbNature } from '../../../rehearsal/aws/dynamodb/nature';
import type { Answer, Call, WireFields } from '../../../rehearsal/aws/service';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { Random } from '../../../rehearsal/kernel/random';

export const PRIMARY = 'eu-central-1';
export const DR = 'eu-central-2';
export const WITNESS = 'eu-west-1';
export const START = Date.parse('2026-11-24T03:50:00.000Z');
export const ACCOUNT = '123456789012';

/** Writes take exactly half a second to the other region, reads see the latest. */
export const CALM: DynamoDbNature = {
  replicationLagMs: { least: 500, most: 500 },
  readLagMs: { least: 0, most: 0 },
  resumeMs: { least: 1_000, most: 1_000 },
};

export const keyArn = (region: string): string => `arn:aws:kms:${region}:${ACCOUNT}:key/${region}`;
export const tableArn = (region: string, table: string): string =>
  `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${table}`;

function resource(type: string, name: string, region: string, inputs: Values, outputs: Values = {}): GraphResource {
  return {
    urn: `urn:pulumi:test::tap::${type}::${name}`,
    type,
    name,
    kind: 'resource',
    id: name,
    inputs,
    outputs: { ...inputs, ...outputs },
    secretInputs: [],
    provider: undefined,
    region,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    options: NO_OPTIONS,
  };
}

/** A table as the program registers it; `inputs` add to or replace the ordinary ones. */
export function table(name: string, region: string, inputs: Values = {}): GraphResource {
  const given: Values = {
    name,
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'pk',
    attributes: [{ name: 'pk', type: 'S' }],
    serverSideEncryption: { enabled: true, kmsKeyArn: keyArn(region) },
    ...inputs,
  };
  return resource('aws:dynamodb/table:Table', `${name}-${region}`, region, given, { arn: tableArn(region, name) });
}

/** As our orders table: a sort key, the index byReceived, a replica in dr. */
export function ordersTable(name = 'orders'): GraphResource {
  return table(name, PRIMARY, {
    rangeKey: 'sk',
    attributes: ['pk', 'sk', 'receivedMinute', 'receivedAt'].map((attribute) => ({ name: attribute, type: 'S' })),
    globalSecondaryIndexes: [
      { name: 'byReceived', hashKey: 'receivedMinute', rangeKey: 'receivedAt', projectionType: 'ALL' },
    ],
    replicas: [{ regionName: DR, kmsKeyArn: keyArn(DR), arn: tableArn(DR, name) }],
  });
}

export function journalTable(region: string): GraphResource {
  return table('journal', region, {
    rangeKey: 'sk',
    attributes: [
      { name: 'pk', type: 'S' },
      { name: 'sk', type: 'S' },
    ],
  });
}

/** A table whose sort key is a number. */
export function scoresTable(): GraphResource {
  return table('scores', PRIMARY, {
    rangeKey: 'n',
    attributes: [
      { name: 'pk', type: 'S' },
      { name: 'n', type: 'N' },
    ],
  });
}

export function rolePolicy(...statements: readonly Values[]): GraphResource {
  return resource('aws:iam/rolePolicy:RolePolicy', 'role-policy', PRIMARY, {
    policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  });
}

export function graphOf(resources: readonly GraphResource[]): Graph {
  return new Graph('tap', 'test', resources, [], {}, []);
}

export function everyTable(): readonly GraphResource[] {
  return [
    ...[PRIMARY, DR, WITNESS].map((region) => table('register', region)),
    ...[PRIMARY, DR].map((region) => table('lease', region)),
    ...[PRIMARY, DR].map(journalTable),
    table('sessions', PRIMARY, {
      replicas: [{ regionName: DR, kmsKeyArn: keyArn(DR), arn: tableArn(DR, 'sessions') }],
    }),
    ordersTable(),
    scoresTable(),
  ];
}

export interface World {
  readonly clock: VirtualClock;
  readonly dynamodb: DynamoDb;
  /** One call and its answer. */
  call(region: string, operation: string, input: WireFields): Answer;
  /** The output of a call that must succeed. */
  ok(region: string, operation: string, input: WireFields): WireFields;
  /** The code and message of a call that must be refused. */
  error(region: string, operation: string, input: WireFields): string;
}

export function callOf(region: string, operation: string, input: WireFields): Call {
  const caller = { principal: `arn:aws:iam::${ACCOUNT}:role/test`, from: region, name: 'test' };
  return { region, service: 'dynamodb', operation, input, caller };
}

export function newWorld(
  options: { nature?: Partial<DynamoDbNature>; resources?: readonly GraphResource[]; seed?: string } = {},
): World {
  const clock = new VirtualClock(START);
  const random = new Random(options.seed ?? 'test');
  const graph = graphOf(options.resources ?? everyTable());
  const dynamodb = new DynamoDb(graph, clock, random, { ...CALM, ...options.nature });
  const call = (region: string, operation: string, input: WireFields): Answer => {
    const answers: Answer[] = [];
    dynamodb.handle(callOf(region, operation, input), (answer) => answers.push(answer));
    const [answer] = answers;
    if (!answer || answers.length > 1) throw new Error(`${answers.length} answers`);
    return answer;
  };
  return {
    clock,
    dynamodb,
    call,
    ok(region, operation, input) {
      const answer = call(region, operation, input);
      if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
      return answer.output;
    },
    error(region, operation, input) {
      const answer = call(region, operation, input);
      return answer.ok ? 'no error' : `${answer.error.code}: ${answer.error.message}`;
    },
  };
}

interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A real SDK client whose requests the simulation answers: the AWS JSON 1.0 protocol, at once. */
export function clientOf(world: World, region: string): DynamoDBClient {
  return new DynamoDBClient({
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle: ({ headers, body }: HttpRequest) => {
        const operation = headers['x-amz-target']?.split('.')[1] ?? '';
        const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
        const answer = world.call(region, operation, JSON.parse(text) as WireFields);
        const { status, fields } = answer.ok
          ? { status: 200, fields: answer.output }
          : {
              status: answer.error.status,
              fields: { __type: answer.error.code, message: answer.error.message, ...answer.error.fields },
            };
        return Promise.resolve({
          response: {
            statusCode: status,
            headers: { 'content-type': 'application/x-amz-json-1.0' },
            body: new TextEncoder().encode(JSON.stringify(fields)),
          },
        });
      },
    },
  });
}

/** DynamoDB JSON of plain strings. */
export function strings(fields: Readonly<Record<string, string>>): WireFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { S: value }]));
}
