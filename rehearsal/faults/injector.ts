import { nameOf } from '../aws/lambda/functions';
import { People } from './people';
import { putUnstorable } from './unstorable';
import type { Traffic } from '../traffic/traffic';
import type { World } from '../world/world';
import type { Fault, FaultWindow, Location } from './fault';

/** Ends a fault. */
type End = () => void;

const NOTHING: End = () => undefined;

/** Calls of control planes: they describe and change what runs, and what runs goes on without them. */
const CONTROL_PLANES = [
  { service: 'rds' },
  { service: 'autoscaling' },
  { service: 'lambda', operations: ['UpdateEventSourceMapping', 'GetFunctionConfiguration'] },
] as const;

/** Lets things go wrong in a world, and right again. */
export class Injector {
  readonly people: People;

  /** @param traffic absent where nobody sends anything. */
  constructor(
    private readonly world: World,
    private readonly traffic?: Pick<Traffic, 'sendMore'>,
  ) {
    this.people = new People(world);
  }

  /** @param faultAt true time that the windows count from, milliseconds since 1970. */
  schedule(windows: readonly FaultWindow[], faultAt: number): void {
    const { clock, trace } = this.world;
    for (const { fault, from, until } of windows) {
      clock.at(faultAt + from * 1_000, () => {
        trace.add('fault', `begins: ${describeFault(fault)}`);
        const end = this.begin(fault);
        if (until === undefined) return;
        clock.at(faultAt + until * 1_000, () => {
          trace.add('fault', `ends: ${describeFault(fault)}`);
          end();
        });
      });
    }
  }

  private begin(fault: Fault): End {
    const { world, people } = this;
    const { conditions, dynamodb, rds, setting, lambda, cloudwatch, autoscaling, sqs, crashes } = world;
    const at = (location: Location): string => setting.regions[location];
    switch (fault.kind) {
      case 'region-lost':
        return this.loseRegion(at(fault.region), fault.how);
      case 'region-slow':
        return all(
          conditions.trouble({ from: at(fault.region), effect: { slowerMs: fault.slowerMs } }),
          conditions.trouble({ to: at(fault.region), effect: { slowerMs: fault.slowerMs } }),
        );
      case 'partition': {
        const [from, to] = [at(fault.between[0]), at(fault.between[1])];
        return fault.oneWay === true ? this.cut(from, to) : all(this.cut(from, to), this.cut(to, from));
      }
      case 'service':
        return conditions.serviceTrouble({
          service: fault.service,
          region: at(fault.region),
          effect: fault.effect,
          ...(fault.operations && { operations: fault.operations }),
          ...(fault.share !== undefined && { share: fault.share }),
        });
      case 'control-plane-down':
        return all(
          ...CONTROL_PLANES.map((plane) =>
            conditions.serviceTrouble({ ...plane, region: at(fault.region), effect: 'unavailable' }),
          ),
        );
      case 'route53-control-plane-down':
        return conditions.trouble({ to: 'global', effect: 'lost' });
      case 'clock-skew':
        conditions.setSkew(at(fault.region), fault.ms);
        dynamodb.setSkew(at(fault.region), fault.ms);
        return () => {
          conditions.setSkew(at(fault.region), 0);
          dynamodb.setSkew(at(fault.region), 0);
        };
      case 'duplicate-events':
        lambda.duplicateEvents(fault.probability);
        return () => lambda.duplicateEvents(0);
      case 'duplicate-messages':
        sqs.duplicateDeliveries(fault.probability);
        return () => sqs.duplicateDeliveries(0);
      case 'late-messages':
        sqs.lateDeliveries(fault.lateMs);
        return () => sqs.lateDeliveries(undefined);
      case 'lost-invocations':
        return lambda.loseEvents(this.functionArn(fault.region, fault.function), fault.probability);
      case 'function-broken':
        return lambda.breakFunction(this.functionArn(fault.region, fault.function));
      case 'function-slow':
        return lambda.slowDown(this.functionArn(fault.region, fault.function), fault.ms);
      case 'load':
        if (this.traffic === undefined) throw new Error('there are no clients that could send more');
        return this.traffic.sendMore(fault.perSecond);
      case 'crash': {
        const name = nameOf(this.functionArn(fault.region, fault.function));
        return crashes.add({ region: at(fault.region), name, crossing: fault.crossing, number: fault.number });
      }
      case 'stale-reads':
        dynamodb.staleReads(at(fault.region), fault.ms);
        return () => dynamodb.staleReads(at(fault.region), 0);
      case 'dynamodb-lag':
        return this.replicationLag(fault.ms);
      case 'dynamodb-frozen':
        return all(this.freezeTables(at('primary'), at('dr')), this.freezeTables(at('dr'), at('primary')));
      case 'aurora-lag':
        rds.faults.setLag(fault.ms);
        return () => rds.faults.restoreLag();
      case 'aurora-lag-frozen':
        rds.faults.freezeLag();
        return () => rds.faults.thawLag();
      case 'promotion-takes':
        rds.faults.promotionTakes(fault.ms);
        return NOTHING;
      case 'promotion-fails':
        rds.faults.promotionFails();
        return NOTHING;
      case 'fencing-times-out':
        rds.faults.fencingTimesOut();
        return NOTHING;
      case 'database-gone':
        rds.faults.databaseGone(at(fault.region));
        return () => rds.faults.databaseBack(at(fault.region));
      case 'writer-fails':
        rds.faults.writerFails(at(fault.region), fault.ms);
        return NOTHING;
      case 'no-capacity':
        autoscaling.refuseCapacity(at(fault.region));
        return () => autoscaling.allowCapacity(at(fault.region));
      case 'zone-lost':
        return this.loseZone(at(fault.region));
      case 'canary-broken':
        return world.synthetics.breakCanaries(at(fault.region));
      case 'alarm-stuck':
        cloudwatch.stick(at(fault.region), this.alarmName(fault.alarm), fault.state);
        return () => cloudwatch.unstick(at(fault.region), this.alarmName(fault.alarm));
      case 'metrics-late':
        cloudwatch.delayMetrics(at(fault.region), fault.ms);
        return () => cloudwatch.delayMetrics(at(fault.region), 0);
      case 'api-errors': {
        const { status, share, path } = fault;
        return world.api.trouble({ region: at(fault.region), status, share, ...(path !== undefined && { path }) });
      }
      case 'parameter':
        people.touchParameter(at(fault.region), fault.operation);
        return NOTHING;
      case 'person-looks':
        people.look(fault.region);
        return NOTHING;
      case 'unstorable-items':
        putUnstorable(world, at(fault.region));
        return NOTHING;
      case 'operator-answers':
        people.answer(fault.region, fault.answer);
        return NOTHING;
      case 'floor-lowered':
        people.lowerFloor(at(fault.region));
        return NOTHING;
      case 'operator-switches-over':
        return people.switchOver(fault.region);
      case 'operator-asks':
        people.failOver(fault.region);
        return NOTHING;
      case 'operator-fails-over':
        people.askForFailover(fault.region);
        return NOTHING;
      case 'deployment':
        lambda.redeploy(at(fault.region));
        return NOTHING;
    }
  }

  private loseRegion(region: string, how: 'dark' | 'cut-off' | 'half-open'): End {
    const { world } = this;
    const { conditions, dynamodb, rds } = world;
    dynamodb.isolate(region);
    // What comes out is lost in every case; a half-open region still hears.
    const ends = [conditions.trouble({ from: region, effect: 'lost' })];
    if (how !== 'half-open') ends.push(conditions.trouble({ to: region, effect: 'lost' }));
    const hasDatabase = region !== world.setting.regions.witness;
    if (hasDatabase) rds.faults.loseRegion(region);
    if (how === 'dark') {
      world.darken(region);
      if (hasDatabase) rds.faults.databaseGone(region);
    }
    return () => {
      for (const end of ends) end();
      dynamodb.rejoin(region);
      if (how === 'dark') {
        world.relight(region);
        if (hasDatabase) rds.faults.databaseBack(region);
      }
      if (hasDatabase) rds.faults.returnRegion(region);
    };
  }

  /** Nothing passes from one region to another, replication included. */
  private cut(from: string, to: string): End {
    const { conditions, rds, setting } = this.world;
    const ends = [conditions.trouble({ from, to, effect: 'lost' })];
    const { primary, dr } = setting.regions;
    if ([from, to].every((region) => region === primary || region === dr)) {
      ends.push(this.freezeTables(from, to));
      // The log goes one way only, and needs answers: either direction stops it.
      rds.faults.freezeLag();
      ends.push(() => rds.faults.thawLag());
    }
    return all(...ends);
  }

  private freezeTables(from: string, to: string): End {
    const { dynamodb } = this.world;
    dynamodb.freezeReplication(from, to);
    return () => dynamodb.thaw(from, to);
  }

  private replicationLag(ms: number): End {
    const { dynamodb, setting, nature } = this.world;
    const { primary, dr } = setting.regions;
    dynamodb.setLag(primary, dr, ms);
    dynamodb.setLag(dr, primary, ms);
    return () => {
      dynamodb.setLag(primary, dr, nature.dynamodb.replicationLagMs);
      dynamodb.setLag(dr, primary, nature.dynamodb.replicationLagMs);
    };
  }

  /** One of three zones: the writer fails over in its region, a part of the fleet is gone, and some messages with it. */
  private loseZone(region: string): End {
    const { conditions, rds, autoscaling } = this.world;
    rds.faults.writerFails(region, ZONE_WRITER_MS);
    autoscaling.loseInstances(region, 1);
    const troubled = conditions.trouble({ to: region, effect: 'lost', share: ZONE_SHARE });
    // Load balancers and name servers take a zone out within this time.
    const healed = this.world.clock.after(ZONE_HEALS_MS, troubled);
    return () => {
      healed.cancel();
      troubled();
    };
  }

  private functionArn(location: Location, source: string): string {
    const region = this.world.setting.regions[location];
    const found = [...this.world.lambda.functions.values()].find(
      (one) => one.region === region && one.source === source,
    );
    if (!found) throw new Error(`${region} has no function ${source}`);
    return found.arn;
  }

  /** The physical name of an alarm by its row's name: `probe-failed`. */
  private alarmName(row: string): string {
    return `${row}${this.world.setting.nameSuffix}`;
  }
}

/** A third of what goes to a region goes to one zone of it. */
const ZONE_SHARE = 1 / 3;
const ZONE_HEALS_MS = 20_000;
const ZONE_WRITER_MS = 35_000;

function all(...ends: readonly End[]): End {
  return () => {
    for (const end of ends) end();
  };
}

/** A fault on one line. */
export function describeFault({ kind, ...rest }: Fault): string {
  const details = Object.entries(rest).map(
    ([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return [kind, ...details].join(' ');
}
