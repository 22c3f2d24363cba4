import { ApiGateway } from '../aws/api-gateway/api-gateway';
import { AutoScaling } from '../aws/autoscaling/autoscaling';
import { CloudWatch } from '../aws/cloudwatch/cloudwatch';
import { decidingAlarms } from '../aws/cloudwatch/watched-metrics';
import { DynamoDb } from '../aws/dynamodb/dynamodb';
import { publishReplicationLatency } from '../aws/dynamodb/replication-metrics';
import { EventBridge } from '../aws/eventbridge/eventbridge';
import { Lambda } from '../aws/lambda/lambda';
import { Rds } from '../aws/rds/rds';
import { Route53 } from '../aws/route53/route53';
import { S3 } from '../aws/s3/s3';
import { SecretsManager } from '../aws/secretsmanager/secrets-manager';
import { Sns } from '../aws/sns/sns';
import { EventSourceMappings } from '../aws/sqs/event-source-mappings';
import { Sqs } from '../aws/sqs/sqs';
import { Ssm } from '../aws/ssm/ssm';
import { Conditions } from '../faults/conditions';
import { implicitNeeds } from '../iam/function-needs';
import { VirtualClock } from '../kernel/clock';
import { Random } from '../kernel/random';
import { Trace } from '../kernel/trace';
import { AbsentNames } from '../network/absent-names';
import { Resolver } from '../network/resolver';
import { AuthoritativeServers } from '../network/resolver-authoritative';
import { PgSocket } from '../postgres/socket';
import { Crashes } from './crashes';
import { Endpoints } from './endpoints';
import { FunctionMetrics } from './function-metrics';
import { Gateway } from './gateway';
import { drawNature } from './nature';
import { Observers } from './observers';
import { settingOf } from './setting';
import { Synthetics } from './synthetics';
import { text } from '../../analysis/graph/graph';
import type { Graph } from '../../analysis/graph/graph';
import type { MetricDatum } from '../aws/ports';
import type { DeployedFunction } from '../aws/lambda/functions';
import type { Service, ServiceName } from '../aws/service';
import type { Authorizer } from '../iam/authorizer';
import type { Container } from '../runtime/container';
import type { Runtime } from '../runtime/runtime';
import type { Nature } from './nature';
import type { Setting } from './setting';

/** What a world is made from. */
export interface WorldParts {
  readonly graph: Graph;
  readonly runtime: Runtime;
  /** One for all worlds of a graph: its decisions are kept. */
  readonly authorizer: Authorizer;
  readonly seed: string;
  /** Milliseconds since 1970. */
  readonly start: number;
}

/** The database's user and password: anything, as long as the secret and the database agree. */
const CREDENTIALS = { username: 'platform', password: 'rehearsal' };

/** Two regions and a witness, as the graph deploys them, on one virtual clock. */
export class World {
  readonly setting: Setting;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly nature: Nature;
  readonly conditions: Conditions;
  readonly crashes = new Crashes();
  readonly observers = new Observers();
  readonly dark = new Set<string>();
  /** Alarms that decide something, as `region/name`. */
  readonly deciding: ReadonlySet<string>;

  readonly lambda: Lambda;
  readonly dynamodb: DynamoDb;
  readonly rds: Rds;
  readonly cloudwatch: CloudWatch;
  readonly route53: Route53;
  readonly autoscaling: AutoScaling;
  readonly sqs: Sqs;
  readonly sns: Sns;
  readonly s3: S3;
  readonly ssm: Ssm;
  readonly mappings: EventSourceMappings;
  readonly eventbridge: EventBridge;
  readonly api: ApiGateway;
  readonly endpoints: Endpoints;
  readonly synthetics: Synthetics;
  readonly gateway: Gateway;
  private readonly functionMetrics: FunctionMetrics;
  private readonly resolvers = new Map<string, Resolver>();
  private readonly absentNames = new Map<string, AbsentNames>();

  constructor({ graph, runtime, authorizer, seed, start }: WorldParts) {
    this.setting = settingOf(graph);
    this.deciding = decidingAlarms(graph);
    const clock = (this.clock = new VirtualClock(start));
    const random = (this.random = new Random(seed));
    this.trace = new Trace(clock);
    this.nature = drawNature(random.stream('nature'));
    const regions = new Set(Object.values(this.setting.regions));
    this.conditions = new Conditions(this.nature.network, random.stream('network'), regions);
    const network = this.conditions;
    const isDark = (region: string): boolean => this.dark.has(region);
    // CloudWatch comes after those that publish to it.
    const metrics = { put: (region: string, datum: MetricDatum) => this.cloudwatch.put(region, datum) };
    this.functionMetrics = new FunctionMetrics(clock, metrics);

    // Functions
    this.lambda = new Lambda(graph, {
      clock,
      runtime,
      random: random.stream('lambda'),
      nature: this.nature.environments,
      crashes: this.crashes.plan,
      skew: this.conditions.skew,
      mayInvoke: (by, resource) => authorizer.denied(by, [{ action: 'lambda:InvokeFunction', resource }]),
      exerciseRole: roleExercise(authorizer),
      mappings: () => this.mappings,
      onEnd: (deployed, result, event) => {
        this.functionMetrics.note(deployed, result);
        this.observers.invocation(deployed, result, event);
      },
    });
    const functions = this.lambda;

    // Stores
    this.dynamodb = new DynamoDb(graph, clock, random.stream('dynamodb'), this.nature.dynamodb);
    publishReplicationLatency(this.dynamodb, metrics);
    this.rds = new Rds(graph, clock, random.stream('rds'), {
      metrics,
      credentials: { username: CREDENTIALS.username, password: () => CREDENTIALS.password },
      putEvent: (region, event) => {
        this.observers.event(region, event);
        this.eventbridge.emit(region, event);
      },
    });
    const secrets = new SecretsManager(graph, { clock, random }, CREDENTIALS);
    this.s3 = new S3(graph, { clock, random, network, metrics, access: authorizer });
    this.ssm = new Ssm(graph, { clock, random, emit: (region, event) => this.eventbridge.emit(region, event) });

    // Messages and events
    this.sqs = new Sqs(graph, { clock, random, metrics });
    this.mappings = new EventSourceMappings(graph, { clock, random, sqs: this.sqs, functions, access: authorizer });
    this.sns = new Sns(graph, { clock, random, network, functions, sqs: this.sqs, access: authorizer });
    this.eventbridge = new EventBridge(graph, clock, random.stream('eventbridge'), { functions, topics: this.sns });
    this.cloudwatch = new CloudWatch(graph, clock, random.stream('cloudwatch'), { functions, topics: this.sns });

    // Names and endpoints
    this.api = new ApiGateway(graph, { clock, random, functions, metrics });
    this.autoscaling = new AutoScaling(graph, clock, random.stream('autoscaling'), {
      stores: (region) => ({
        sessions: !this.conditions.isDown('dynamodb', region),
        site: !this.conditions.isDown('s3', region),
      }),
      onCapacity: (change) => this.observers.capacity(change),
    });
    this.endpoints = new Endpoints({
      clock,
      network,
      fronts: [this.api, this.fleetFront(graph)],
      isDark,
    });
    this.route53 = new Route53(graph, clock, random.stream('route53'), {
      alarms: this.cloudwatch,
      probe: (place, fqdn, path, done) => this.probe(place, fqdn, path, done),
      hears: (region) => !isDark(region) && network.pass(region, 'outside').kind === 'passes',
      onHealth: (change) => this.observers.health(change),
      onAnswer: (change) => this.observers.answer(change),
    });
    this.cloudwatch.onState((change) => this.observers.alarm(change));
    this.synthetics = new Synthetics(graph, {
      clock,
      random: random.stream('synthetics'),
      runtime,
      metrics,
      skew: this.conditions.skew,
      isDark,
    });

    const services: Readonly<Record<ServiceName, Service>> = {
      autoscaling: this.autoscaling,
      cloudwatch: this.cloudwatch,
      dynamodb: this.dynamodb,
      lambda: this.lambda,
      rds: this.rds,
      route53: this.route53,
      s3: this.s3,
      secretsmanager: secrets,
      sns: this.sns,
      sqs: this.sqs,
      ssm: this.ssm,
    };
    this.gateway = new Gateway({
      clock,
      conditions: this.conditions,
      services,
      endpoints: this.endpoints,
      nameServers: new AuthoritativeServers(this.route53, this.setting.zoneNameServers),
      resolver: (region) => this.resolverOf(region),
      socket: (from) => this.databaseSocket(from),
      put: metrics.put,
      denied: (caller, needs) => authorizer.denied(caller, needs),
      onCall: (call, answer) => this.observers.call(call, answer),
      onLog: (from, line) => this.observers.log(from, line),
    });
    runtime.attach(this.gateway);
    this.route53.start();
  }

  /** Everything in a region stops; what it stores stays. */
  darken(region: string): void {
    this.dark.add(region);
    this.lambda.silence(region);
    this.functionMetrics.forget(region);
    for (const part of [
      this.cloudwatch,
      this.eventbridge,
      this.sqs,
      this.mappings,
      this.sns,
      this.s3,
      this.ssm,
      this.api,
    ]) {
      part.silence(region);
    }
  }

  /** The region is back, with everything that it had stored. */
  relight(region: string): void {
    this.dark.delete(region);
    this.lambda.restore(region);
    for (const part of [
      this.cloudwatch,
      this.eventbridge,
      this.sqs,
      this.mappings,
      this.sns,
      this.s3,
      this.ssm,
      this.api,
    ]) {
      part.restore(region);
    }
  }

  /** A region's own resolver, for its functions. */
  private resolverOf(region: string): Resolver {
    const known = this.resolvers.get(region) ?? new Resolver(this.clock, this.route53);
    this.resolvers.set(region, known);
    return known;
  }

  private probe(place: string, fqdn: string, path: string, done: Parameters<Endpoints['send']>[3]): void {
    const address = this.route53.addresses(fqdn)?.values[0];
    // Checkers of a region that the stack uses stand outside of its networks all the same.
    if (address !== undefined)
      this.endpoints.send(`checker-${place}`, address, { method: 'GET', host: fqdn, path }, done);
  }

  private absentNamesOf(region: string): AbsentNames {
    const known = this.absentNames.get(region) ?? new AbsentNames(this.clock, this.nature.absentNameMs);
    this.absentNames.set(region, known);
    return known;
  }

  private databaseSocket(from: Container): PgSocket {
    const socket = new PgSocket({
      clock: this.clock,
      path: (direction, server) =>
        direction === 'request'
          ? this.conditions.pass(from.region, server.place)
          : this.conditions.pass(server.place, from.region),
      server: (host, port) => this.absentNamesOf(from.region).ask(host, () => this.rds.server(host, port)),
      resume: (work) => from.hear(work),
      mayLeave: () => from.mayLeave(),
    });
    // A process that is killed has its connections closed by its system; a region that is dark closes nothing.
    from.whenDead(() => socket.vanish(!this.dark.has(from.region)));
    return socket;
  }

  /** The fleets' load balancers answer for what their instances say. */
  private fleetFront(graph: Graph) {
    const regions = new Map(
      graph
        .all('aws:lb/loadBalancer:LoadBalancer')
        .map(({ outputs, region = '' }) => [text(outputs, 'dnsName'), region]),
    );
    return {
      serves: (address: string) => regions.has(address),
      request: (address: string, _request: unknown, done: (answer: { status: number; body: string }) => void) => {
        const region = regions.get(address) ?? '';
        this.clock.after(2, () => done(this.autoscaling.fleetHealth(region)));
      },
    };
  }
}

/**
 * What Lambda does with a function's role around an invocation, checked and counted like a call: at the first one of a run, because
 * no policy changes during it and the others would be decided alike.
 */
function roleExercise(authorizer: Authorizer): (deployed: DeployedFunction) => void {
  const exercised = new Set<DeployedFunction>();
  return (deployed) => {
    if (exercised.has(deployed)) return;
    exercised.add(deployed);
    for (const { caller, need, call } of implicitNeeds(deployed.resource)) authorizer.authorize(caller, need, call);
  };
}
