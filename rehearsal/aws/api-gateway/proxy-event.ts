import type { Match } from './match';
import type { Stage } from './routes';

/** One HTTP request at a domain name. */
export interface HttpRequest {
  readonly method: string;
  readonly host: string;
  /** With or without a query string. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly sourceIp?: string;
}

/** A documentation address (RFC 5737): callers have no addresses here. */
const SOURCE_IP = '203.0.113.10';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** What is the same for all requests (API Gateway guide, "Input format of a Lambda function for proxy integration"). */
const NOBODY = {
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  user: null,
} as const;

/** The event of the proxy integration, payload format 1.0: of an empty list API Gateway sends null. */
export function proxyEvent(
  request: HttpRequest,
  path: string,
  { route, pathParameters }: Match,
  stage: Stage,
  { requestId, now }: { readonly requestId: string; readonly now: number },
): unknown {
  const { method, host, sourceIp = SOURCE_IP } = request;
  const headers = headersOf(request, sourceIp);
  const query = request.query && Object.keys(request.query).length > 0 ? request.query : null;
  return {
    resource: route.resourcePath,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: lists(headers),
    queryStringParameters: query,
    multiValueQueryStringParameters: query && lists(query),
    pathParameters,
    stageVariables: null,
    requestContext: {
      resourceId: route.resourceId,
      resourcePath: route.resourcePath,
      httpMethod: method,
      extendedRequestId: requestId,
      requestTime: requestTime(now),
      path,
      accountId: stage.account,
      protocol: 'HTTP/1.1',
      stage: stage.name,
      domainPrefix: host.slice(0, host.indexOf('.')),
      requestTimeEpoch: now,
      requestId,
      identity: { ...NOBODY, sourceIp, userAgent: headers['User-Agent'] ?? null },
      domainName: host,
      apiId: stage.apiId,
    },
    body: request.body ?? null,
    isBase64Encoded: false,
  };
}

function headersOf({ host, headers }: HttpRequest, sourceIp: string): Readonly<Record<string, string>> {
  return {
    ...headers,
    Host: host,
    'X-Forwarded-For': sourceIp,
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  };
}

function lists(fields: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  const all: Record<string, readonly string[]> = {};
  for (const name in fields) all[name] = [fields[name] ?? ''];
  return all;
}

/** `09/Apr/2015:12:34:56 +0000` */
function requestTime(now: number): string {
  const date = new Date(now);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()] ?? ''}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}
