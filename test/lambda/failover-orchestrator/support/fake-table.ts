import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { fakeHttp, type HttpAnswer, type HttpRequest, jsonError } from './fake-http';

type Body = HttpRequest['fields'];
type Attributes = Record<string, AttributeValue>;

/**
 * A DynamoDB table in memory behind a real client: keys pk and sk, condition expressions of `=`, `<`, `<=`,
 * attribute_not_exists, AND and OR, `SET a = :a` updates, and queries of one partition. It refuses what it does not know.
 */
export function fakeTable() {
  const items = new Map<string, Attributes>();
  const lost: { answers: number; requests: number } = { answers: 0, requests: 0 };

  function answer({ headers, fields }: HttpRequest): HttpAnswer {
    if (lost.requests > 0) {
      lost.requests -= 1;
      return jsonError('InternalServerError', 500);
    }
    const operation = headers['x-amz-target']?.split('.').pop() ?? '';
    const reply = perform(operation, fields);
    if (lost.answers > 0 && operation !== 'GetItem') {
      lost.answers -= 1;
      return jsonError('InternalServerError', 500);
    }
    return reply;
  }

  function perform(operation: string, body: Body): HttpAnswer {
    const key = (attributes: Attributes) => `${attributes['pk']?.S ?? ''}|${attributes['sk']?.S ?? ''}`;
    switch (operation) {
      case 'GetItem':
        return json({ Item: items.get(key(attributesOf(body['Key']))) });
      case 'PutItem': {
        const item = attributesOf(body['Item']);
        const standing = items.get(key(item));
        if (!holds(body, standing)) return refused(body, standing);
        items.set(key(item), item);
        return json({});
      }
      case 'UpdateItem': {
        const at = attributesOf(body['Key']);
        const standing = items.get(key(at));
        if (!holds(body, standing)) return refused(body, standing);
        const [verb, rest] = [String(body['UpdateExpression']).slice(0, 4), String(body['UpdateExpression']).slice(4)];
        if (verb !== 'SET ') throw new Error(`unknown update ${verb}`);
        const values = attributesOf(body['ExpressionAttributeValues']);
        const set = rest.split(',').map((part) => part.split('=').map((side) => side.trim()));
        const changes = set.map(([name = '', value = '']) => [name, values[value] ?? { NULL: true }] as const);
        items.set(key(at), { ...at, ...standing, ...Object.fromEntries(changes) });
        return json({});
      }
      case 'Query': {
        if (body['KeyConditionExpression'] !== 'pk = :pk AND sk < :sk') throw new Error('unknown query');
        const values = attributesOf(body['ExpressionAttributeValues']);
        const found = [...items.values()]
          .filter((item) => item['pk']?.S === values[':pk']?.S && (item['sk']?.S ?? '') < (values[':sk']?.S ?? ''))
          .sort((one, other) => ((one['sk']?.S ?? '') < (other['sk']?.S ?? '') ? -1 : 1));
        return json({ Items: found });
      }
      default:
        throw new Error(`unknown operation ${operation}`);
    }
  }

  const { options, sent } = fakeHttp(answer);
  return {
    client: new DynamoDBClient({ ...options, maxAttempts: 2 }),
    sent,
    /** The next writes happen, and their answers do not arrive. */
    loseAnswers: (count: number) => void (lost.answers = count),
    /** The next requests are not carried out. */
    failRequests: (count: number) => void (lost.requests = count),
    item: (pk: string, sk: string) => {
      const found = items.get(`${pk}|${sk}`);
      return found && unmarshall(found);
    },
    put: (item: Record<string, unknown> & { pk: string; sk?: string }) =>
      void items.set(`${item.pk}|${item.sk ?? ''}`, marshall(item, { removeUndefinedValues: true })),
    keys: () => [...items.keys()].sort(),
  };
}

function attributesOf(value: unknown): Attributes {
  return (value ?? {}) as Attributes;
}

function json(body: object): HttpAnswer {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/x-amz-json-1.0' } };
}

function refused(body: Body, standing: Attributes | undefined): HttpAnswer {
  const returns = body['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  return jsonError('ConditionalCheckFailedException', 400, returns && standing ? { Item: standing } : {});
}

/** Evaluates a condition expression as DynamoDB does: a comparison with an attribute that is absent does not hold. */
function holds(body: Body, item: Attributes | undefined): boolean {
  const expression = body['ConditionExpression'];
  if (typeof expression !== 'string') return true;
  const names = (body['ExpressionAttributeNames'] ?? {}) as Record<string, string>;
  const values = attributesOf(body['ExpressionAttributeValues']);
  const tokens = expression.match(/\(|\)|<=|<|=|,|[\w#:]+/g) ?? [];
  let position = 0;
  const next = () => tokens[position++] ?? '';

  function either(): boolean {
    let result = both();
    while (tokens[position] === 'OR') {
      next();
      result = both() || result;
    }
    return result;
  }
  function both(): boolean {
    let result = one();
    while (tokens[position] === 'AND') {
      next();
      result = one() && result;
    }
    return result;
  }
  function one(): boolean {
    const first = next();
    if (first === '(') {
      const result = either();
      next();
      return result;
    }
    if (first === 'attribute_not_exists') {
      next();
      const absent = item?.[named(next())] === undefined;
      next();
      return absent;
    }
    const [operator, right] = [next(), next()];
    return compared(item?.[named(first)], operator, values[right]);
  }
  const named = (token: string) => names[token] ?? token;
  return either();
}

type Attribute = Attributes[string];

function compared(left: Attribute | undefined, operator: string, right: Attribute | undefined): boolean {
  if (!left || !right) return false;
  const [one, other] =
    left.N !== undefined && right.N !== undefined
      ? [Number(left.N), Number(right.N)]
      : [left.S ?? left.BOOL ?? '', right.S ?? right.BOOL ?? ''];
  switch (operator) {
    case '=':
      return one === other;
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}
