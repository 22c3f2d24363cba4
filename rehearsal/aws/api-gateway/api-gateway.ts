import { NotModelledError } from '../service';
import { StageMetrics } from './gateway-metrics';
import { match } from './match';
import { API_GATEWAY_NATURE } from './nature';
import { answerOf, GATEWAY_ANSWERS } from './proxy-answer';
import { proxyEvent } from './proxy-event';
import { domainsOf } from './routes';
import { TokenBucket } from './throttle';
import type { Graph } from '../../../analysis/graph/graph';
import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Functions, HttpAnswer, Metrics } from '../ports';
import type { Caller } from '../service';
import type { Match } from './match';
import type { ApiGatewayNature } from './nature';
import type { HttpRequest } from './proxy-event';
import type { Domain, Route, Stage } from './routes';

/** What API Gateway needs of the world. */
export interface ApiGatewayWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly functions: Functions;
  readonly metrics: Metrics;
}

/** A share of a region's requests, all or those of one path, that API Gateway answers without asking a function. */
export interface GatewayTrouble {
  readonly region: string;
  readonly status: number;
  readonly share: number;
  readonly path?: string;
}

/** What one stage is at work with. */
interface Serving {
  readonly stage: Stage;
  readonly metrics: StageMetrics;
  readonly invoker: Caller;
  readonly buckets: Map<Route, TokenBucket>;
}

/** The REST APIs of a stack, from the address that an alias record names to the function. */
export class ApiGateway {
  private readonly random: Random;
  /** Regions by address: which server answers is decided by the address, which API by the host name. */
  private readonly regions: ReadonlyMap<string, string>;
  private readonly domains: ReadonlyMap<string, Domain>;
  private readonly serving = new Map<Stage, Serving>();
  private readonly silent = new Set<string>();
  private readonly troubles = new Set<GatewayTrouble>();

  constructor(
    graph: Graph,
    private readonly world: ApiGatewayWorld,
    private readonly nature: ApiGatewayNature = API_GATEWAY_NATURE,
  ) {
    this.random = world.random.stream('api gateway');
    const domains = domainsOf(graph);
    this.regions = new Map(domains.map(({ address, region }) => [address, region]));
    this.domains = new Map(domains.map((domain) => [`${domain.region} ${domain.name}`, domain]));
    const offset = Math.floor(this.random.between(nature.metricsAtMs));
    for (const { stage } of domains) {
      if (this.serving.has(stage)) continue;
      const { region, name } = stage;
      this.serving.set(stage, {
        stage,
        metrics: new StageMetrics(stage, world, offset),
        invoker: { principal: 'apigateway.amazonaws.com', from: region, name: `api ${name}` },
        buckets: new Map(),
      });
    }
  }

  serves(address: string): boolean {
    return this.regions.has(address);
  }

  /**
   * Fault: API Gateway answers a share of requests by itself, and counts them as its own.
   * @returns what ends it.
   */
  trouble(trouble: GatewayTrouble): () => void {
    this.troubles.add(trouble);
    return () => void this.troubles.delete(trouble);
  }

  /**
   * Serves one request that has arrived. A lost region never answers.
   *
   * @param address an alias target, `d-1234567890.execute-api.eu-central-1.amazonaws.com`.
   * @param done is told once, later than now.
   * @throws NotModelledError for an address that is not API Gateway's.
   */
  request(address: string, request: HttpRequest, done: (answer: HttpAnswer) => void): void {
    const region = this.regions.get(address);
    if (region === undefined) throw new NotModelledError(`${address} is no address of API Gateway`);
    if (this.silent.has(region)) return;
    const from = this.world.clock.now();
    const domain = this.domains.get(`${region} ${request.host}`);
    const serving = domain && this.serving.get(domain.stage);
    this.world.clock.after(this.random.between(this.nature.overheadMs), () => {
      if (this.silent.has(region)) return;
      if (serving === undefined) done(GATEWAY_ANSWERS.noDomain);
      else this.serve(serving, request, from, done);
    });
  }

  /** The region is lost: no answers, and what it has not told CloudWatch yet is gone. */
  silence(region: string): void {
    this.silent.add(region);
    for (const { stage, metrics } of this.serving.values()) if (stage.region === region) metrics.forget();
  }

  restore(region: string): void {
    this.silent.delete(region);
  }

  private serve(serving: Serving, given: HttpRequest, from: number, done: (answer: HttpAnswer) => void): void {
    const { stage, metrics } = serving;
    let open = true;
    const finish = (answer: HttpAnswer): void => {
      if (!open) return;
      open = false;
      if (this.silent.has(stage.region)) return;
      metrics.count(answer.status, this.world.clock.now() - from);
      done(answer);
    };
    const { path, request } = split(given);
    const found = match(stage.root, request.method, path);
    const status = this.troubles.size === 0 ? undefined : this.disturbed(stage.region, path);
    if (status !== undefined) finish({ status, body: '{"message":"Internal server error"}' });
    else if (found === undefined) finish(GATEWAY_ANSWERS.noRoute);
    else if (!this.admits(serving, found.route)) finish(GATEWAY_ANSWERS.throttled);
    else this.integrate(serving, request, path, found, finish);
  }

  private integrate(
    { stage, invoker }: Serving,
    request: HttpRequest,
    path: string,
    found: Match,
    finish: (answer: HttpAnswer) => void,
  ): void {
    const { clock, functions } = this.world;
    const { functionArn, sourceArn, timeoutMs } = found.route;
    const timeout = clock.after(timeoutMs, () => finish(GATEWAY_ANSWERS.timedOut));
    const event = proxyEvent(request, path, found, stage, { requestId: this.random.uuid(), now: clock.now() });
    functions.invoke(functionArn, event, { ...invoker, sourceArn }, (result) => {
      timeout.cancel();
      finish(answerOf(result));
    });
  }

  private disturbed(at: string, path: string): number | undefined {
    for (const { region, status, share, path: only } of this.troubles) {
      if (region === at && (only === undefined || only === path) && this.random.chance(share)) return status;
    }
    return undefined;
  }

  private admits({ buckets }: Serving, route: Route): boolean {
    if (route.throttling === undefined) return true;
    const now = this.world.clock.now();
    let bucket = buckets.get(route);
    if (bucket === undefined) {
      bucket = new TokenBucket(route.throttling, now);
      buckets.set(route, bucket);
    }
    return bucket.take(now);
  }
}

/** Takes a query string off the path. */
function split(request: HttpRequest): { readonly path: string; readonly request: HttpRequest } {
  const at = request.path.indexOf('?');
  if (at < 0) return { path: request.path, request };
  const query = { ...request.query, ...Object.fromEntries(new URLSearchParams(request.path.slice(at + 1))) };
  return { path: request.path.slice(0, at), request: { ...request, query } };
}
