import { output } from '@pulumi/pulumi';
import type { Output } from '@pulumi/pulumi';
import { RestApi } from '../../../lib/services/rest-api';
import type { ApiRoute } from '../../../lib/services/rest-api';
import { evaluate } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { ACCOUNT, REGION, keyIn, misplaced, reachBoth, statementsOf, within } from './two-regions';

type Role = keyof typeof REGION;

function route(method: 'GET' | 'POST', path: string, name: string, region: string): ApiRoute {
  const its = (text: string): Output<string> => output(text);
  const arn = `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}-test`;
  const target = { physicalName: `${name}-test`, functionName: its(`${name}-test`), invokeArn: its(`invoke:${arn}`) };
  return { method, path, target };
}

const evaluateApi = (manageApiGatewayAccount: boolean, reversed = false): Promise<Graph> =>
  evaluate(() => {
    const { primary, dr } = reachBoth();
    for (const { role, name: regionName, provider } of [primary, dr]) {
      const routes = [
        route('POST', '/orders', 'orders-api', regionName),
        route('GET', '/orders/{orderId}', 'orders-api', regionName),
        route('GET', '/health', 'health', regionName),
      ];
      new RestApi(
        `api-${role}`,
        {
          environmentSuffix: 'test',
          regionName,
          routes: reversed ? routes.reverse() : routes,
          failoverDomainName: 'api.test.example.com',
          regionalDomainName: `api-${regionName}.test.example.com`,
          certificateArn: `arn:aws:acm:${regionName}:${ACCOUNT}:certificate/${role}`,
          manageApiGatewayAccount,
          keyArn: keyIn(role),
          logRetentionDays: 30,
        },
        { provider },
      );
    }
  });

let graph: Graph;
beforeAll(async () => {
  graph = await evaluateApi(false);
});

const stageOf = (role: Role, from = graph) => from.one('aws:apigateway/stage:Stage', `api-${role}-stage`);

test('each region has its own API, made by its own provider', () => {
  expect(misplaced(graph)).toEqual([]);
  expect(graph.one('aws:apigateway/restApi:RestApi', 'api-dr-api').inputs).toMatchObject({
    name: 'trading-api-test',
    endpointConfiguration: { types: 'REGIONAL' },
    disableExecuteApiEndpoint: false,
  });
});

test('a route is a proxy to its function, which API Gateway may call for this method, path and stage only', () => {
  const { inputs } = graph.one('aws:apigateway/integration:Integration', 'api-dr-get-orders-orderId-integration');
  expect(inputs).toMatchObject({
    httpMethod: 'GET',
    integrationHttpMethod: 'POST',
    type: 'AWS_PROXY',
    uri: `invoke:arn:aws:lambda:eu-central-2:${ACCOUNT}:function:orders-api-test`,
  });
  const api = graph.one('aws:apigateway/restApi:RestApi', 'api-dr-api').id;
  const permission = graph.one('aws:lambda/permission:Permission', 'api-dr-get-orders-orderId-permission').inputs;
  expect(permission).toMatchObject({
    function: 'orders-api-test',
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:execute-api:eu-central-2:${ACCOUNT}:${api}/live-test/GET/orders/*`,
  });
});

test('every route has a method, an integration and a permission, and the deployment waits for them', () => {
  const deployment = graph.one('aws:apigateway/deployment:Deployment', 'api-primary-deployment');
  for (const type of ['aws:apigateway/method:Method', 'aws:apigateway/integration:Integration']) {
    const own = graph.all(type).filter(({ name }) => name.startsWith('api-primary-'));
    expect(own).toHaveLength(3);
    expect(own.filter((part) => !graph.dependsOn(deployment, part))).toEqual([]);
  }
  expect(graph.all('aws:lambda/permission:Permission')).toHaveLength(6);
});

test('a new deployment is made for other routes only: the same in both regions, in any order, at any time', async () => {
  const triggers = (from: Graph, role: Role) =>
    from.one('aws:apigateway/deployment:Deployment', `api-${role}-deployment`).inputs['triggers'];
  expect(triggers(graph, 'dr')).toEqual(triggers(graph, 'primary'));
  expect(triggers(await evaluateApi(false, true), 'dr')).toEqual(triggers(graph, 'dr'));
});

test.each(['primary', 'dr'] as const)(
  'the stage in %s traces, counts, and lets through no more than the smallest region’s account may take',
  (role) => {
    expect(stageOf(role).inputs).toMatchObject({ stageName: 'live-test', xrayTracingEnabled: true });
    const { inputs } = graph.one('aws:apigateway/methodSettings:MethodSettings', `api-${role}-settings`);
    expect(inputs).toMatchObject({
      methodPath: '*/*',
      settings: { metricsEnabled: true, throttlingRateLimit: 2_500, throttlingBurstLimit: 1_250, loggingLevel: 'OFF' },
    });
  },
);

test('the failover name exists in both regions, the regional name in its own, each with that region’s certificate and TLS 1.2', () => {
  const names = (role: Role) =>
    graph
      .all('aws:apigateway/domainName:DomainName')
      .filter(({ name }) => name.startsWith(`api-${role}-`))
      .map(({ inputs }) => inputs);
  for (const role of ['primary', 'dr'] as const) {
    const common = {
      regionalCertificateArn: `arn:aws:acm:${REGION[role]}:${ACCOUNT}:certificate/${role}`,
      endpointConfiguration: { types: 'REGIONAL' },
      securityPolicy: 'TLS_1_2',
    };
    expect(names(role)).toMatchObject([
      { domainName: 'api.test.example.com', ...common },
      { domainName: `api-${REGION[role]}.test.example.com`, ...common },
    ]);
  }
  const mappings = graph.all('aws:apigateway/basePathMapping:BasePathMapping').map(({ inputs }) => inputs);
  expect(mappings.map(({ stageName }) => stageName)).toEqual(['live-test', 'live-test', 'live-test', 'live-test']);
});

test('by default nothing touches the account’s API Gateway settings, which other APIs share and destroy would reset', () => {
  expect(graph.all('aws:apigateway/account:Account')).toEqual([]);
  expect(stageOf('dr').inputs).not.toHaveProperty('accessLogSettings');
});

test('where this stack owns those settings, requests are logged without their content, to a group with an end', async () => {
  const owning = await evaluateApi(true);
  expect(misplaced(owning)).toEqual([]);
  const account = owning.one('aws:apigateway/account:Account', 'api-dr-access-account');
  expect(account.inputs['cloudwatchRoleArn']).toBe(`arn:aws:iam::${ACCOUNT}:role/api-gateway-logs-eu-central-2-test`);
  expect(owning.dependsOn(stageOf('dr', owning), account)).toBe(true);
  expect(owning.one('aws:cloudwatch/logGroup:LogGroup', 'api-dr-access-log').inputs).toEqual({
    name: '/aws/apigateway/trading-api-test',
    retentionInDays: 30,
    kmsKeyId: keyIn('dr'),
  });
  const role = owning.one('aws:iam/role:Role', 'api-dr-access-role').inputs['assumeRolePolicy'];
  expect(statementsOf(role)).toMatchObject([{ Principal: { Service: 'apigateway.amazonaws.com' } }]);
  const { destinationArn, format } = within(stageOf('dr', owning).inputs, 'accessLogSettings');
  expect(destinationArn).toBe(`arn:aws:logs:eu-central-2:${ACCOUNT}:log-group:/aws/apigateway/trading-api-test`);
  expect(format).not.toMatch(/body|querystring|header/);
});
