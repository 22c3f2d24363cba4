import * as apigateway from '@pulumi/aws/apigateway';
import * as lambda from '@pulumi/aws/lambda';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import type { AliasTarget } from '../routing/alias-target';
import { ApiAccessLog } from './api-access-log';
import { fingerprint, pathName, pathsOf, permissionPath } from './api-routes';
import type { RouteSpec } from './api-routes';

/**
 * Requests per second, and at once, that a stage lets through: the account's limits in the smallest regions, Zurich among
 * them (API Gateway quotas). The same in both regions, or dr would refuse traffic that primary took.
 */
export const THROTTLING_RATE_LIMIT = 2_500;
const THROTTLING_BURST_LIMIT = 1_250;

/** What a route calls. */
export interface RouteTarget {
  readonly physicalName: string;
  readonly functionName: pulumi.Output<string>;
  readonly invokeArn: pulumi.Output<string>;
}

/** One method of the API and the function that answers it. */
export interface ApiRoute extends RouteSpec {
  readonly target: RouteTarget;
}

/** One region's API. */
export interface RestApiArgs {
  readonly environmentSuffix: string;
  readonly regionName: string;
  readonly routes: readonly ApiRoute[];
  /** The name that moves between the regions. */
  readonly failoverDomainName: string;
  /** The name that is always this region's, for health checks and probes. */
  readonly regionalDomainName: string;
  /** A certificate of this region for both names, validated. */
  readonly certificateArn: pulumi.Input<string>;
  readonly manageApiGatewayAccount: boolean;
  readonly keyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/**
 * The REST API of one region (C3): the same routes, names and limits in both. Requests reach the functions as they came;
 * the handlers check size and content, so that a refusal reads the same whatever calls them.
 */
export class RestApi extends pulumi.ComponentResource {
  /** What an alias record of the failover name points at. */
  readonly failoverTarget: AliasTarget;
  /** What an alias record of the regional name points at. */
  readonly regionalTarget: AliasTarget;
  /** The stage's own address, which works without DNS of ours. */
  readonly invokeUrl: pulumi.Output<string>;
  /** Dimension `ApiName` of the API's metrics. */
  readonly apiName: pulumi.Output<string>;
  readonly stageName: string;
  /** With the stage's name, the way to the API that needs no domain name. */
  readonly restApiId: pulumi.Output<string>;

  constructor(name: string, args: RestApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:RestApi', name, {}, opts);
    this.stageName = physicalName('API Gateway stage', 'live', args.environmentSuffix);

    const api = new apigateway.RestApi(
      `${name}-api`,
      {
        name: physicalName('API Gateway REST API', 'trading-api', args.environmentSuffix),
        description: 'Orders, payments and health',
        endpointConfiguration: { types: 'REGIONAL' },
        // Open: an operator and an emulator reach the API without DNS of ours, which may be what is broken.
        disableExecuteApiEndpoint: false,
      },
      { parent: this },
    );
    const parts = createRoutes(this, name, args, api, this.stageName);
    const stage = createStage(this, name, args, api, parts, this.stageName);

    this.failoverTarget = createDomain(this, `${name}-failover`, args.failoverDomainName, args, api, stage);
    this.regionalTarget = createDomain(this, `${name}-regional`, args.regionalDomainName, args, api, stage);
    this.invokeUrl = stage.invokeUrl;
    this.apiName = api.name;
    this.restApiId = api.id;
    this.registerOutputs({ invokeUrl: this.invokeUrl, apiName: this.apiName });
  }
}

/** The paths, and for each route method, integration and permission; returns what a deployment is a picture of. */
function createRoutes(
  parent: pulumi.Resource,
  name: string,
  args: RestApiArgs,
  api: apigateway.RestApi,
  stageName: string,
): pulumi.Resource[] {
  const resourceIds = new Map<string, pulumi.Output<string>>([['/', api.rootResourceId]]);
  const idOf = (path: string): pulumi.Output<string> => {
    const id = resourceIds.get(path);
    if (id === undefined) throw new Error(`the API has no path ${path}`);
    return id;
  };
  for (const { path, parentPath, part } of pathsOf(args.routes)) {
    const resource = new apigateway.Resource(
      `${name}-${pathName(path)}`,
      { restApi: api.id, parentId: idOf(parentPath), pathPart: part },
      { parent },
    );
    resourceIds.set(path, resource.id);
  }
  return args.routes.flatMap((route) => createRoute(parent, name, route, api, idOf(route.path), stageName));
}

function createRoute(
  parent: pulumi.Resource,
  name: string,
  route: ApiRoute,
  api: apigateway.RestApi,
  resourceId: pulumi.Output<string>,
  stageName: string,
): pulumi.Resource[] {
  const routeName = `${name}-${route.method.toLowerCase()}-${pathName(route.path)}`;
  const method = new apigateway.Method(
    `${routeName}-method`,
    // Who may call is decided in front of the API; the sources name no callers.
    { restApi: api.id, resourceId, httpMethod: route.method, authorization: 'NONE' },
    { parent },
  );
  const integration = new apigateway.Integration(
    `${routeName}-integration`,
    {
      restApi: api.id,
      resourceId,
      httpMethod: method.httpMethod,
      type: 'AWS_PROXY',
      // API Gateway calls Lambda by POST whatever the client's method is.
      integrationHttpMethod: 'POST',
      uri: route.target.invokeArn,
    },
    { parent },
  );
  new lambda.Permission(
    `${routeName}-permission`,
    {
      action: 'lambda:InvokeFunction',
      function: route.target.functionName,
      principal: 'apigateway.amazonaws.com',
      sourceArn: pulumi.interpolate`${api.executionArn}/${stageName}/${permissionPath(route)}`,
    },
    { parent },
  );
  return [method, integration];
}

function createStage(
  parent: pulumi.Resource,
  name: string,
  args: RestApiArgs,
  api: apigateway.RestApi,
  parts: readonly pulumi.Resource[],
  stageName: string,
): apigateway.Stage {
  const description = args.routes.map(({ method, path, target }) => ({ method, path, target: target.physicalName }));
  const deployment = new apigateway.Deployment(
    `${name}-deployment`,
    { restApi: api.id, triggers: { routes: fingerprint(description) } },
    { parent, dependsOn: [...parts] },
  );
  const accessLog = args.manageApiGatewayAccount ? new ApiAccessLog(`${name}-access`, args, { parent }) : undefined;
  const stage = new apigateway.Stage(
    `${name}-stage`,
    {
      restApi: api.id,
      deployment: deployment.id,
      stageName,
      xrayTracingEnabled: true,
      ...(accessLog && { accessLogSettings: accessLog.settings }),
    },
    { parent },
  );
  new apigateway.MethodSettings(
    `${name}-settings`,
    {
      restApi: api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      settings: {
        metricsEnabled: true,
        throttlingRateLimit: THROTTLING_RATE_LIMIT,
        throttlingBurstLimit: THROTTLING_BURST_LIMIT,
        // Execution logs go to a log group that the service makes itself, without retention.
        loggingLevel: 'OFF',
        dataTraceEnabled: false,
      },
    },
    { parent },
  );
  return stage;
}

function createDomain(
  parent: pulumi.Resource,
  name: string,
  domainName: string,
  { certificateArn }: RestApiArgs,
  api: apigateway.RestApi,
  stage: apigateway.Stage,
): AliasTarget {
  const domain = new apigateway.DomainName(
    `${name}-domain`,
    {
      domainName,
      regionalCertificateArn: certificateArn,
      endpointConfiguration: { types: 'REGIONAL' },
      // 1.2 and not 1.3 only: Route 53's checkers offer TLS 1.0 to 1.2.
      securityPolicy: 'TLS_1_2',
    },
    // One domain name per 30 s and account may be created or deleted; the provider waits and asks again.
    { parent, customTimeouts: { create: '30m', delete: '30m' } },
  );
  new apigateway.BasePathMapping(
    `${name}-mapping`,
    { domainName: domain.domainName, restApi: api.id, stageName: stage.stageName },
    { parent },
  );
  return { dnsName: domain.regionalDomainName, zoneId: domain.regionalZoneId };
}
