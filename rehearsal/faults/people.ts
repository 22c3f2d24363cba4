import type { World } from '../world/world';

const OPERATOR = 'operator';

/** How long a person waits before asking once more for a switchover that was refused. */
const ASK_AGAIN_MS = 60_000;

/** A switchover that a person asked for. */
export interface AskedSwitchover {
  /** Of the region that shall become active. */
  readonly region: string;
  /** True time, milliseconds since 1970. */
  readonly at: number;
}

/** What a person asks an API for; ids that nobody has are answered with 404, by the same functions. */
const PATHS = ['/health', '/health/deep', '/orders', '/payments'] as const;

/** What people do to a platform and with it while a run goes on. */
export class People {
  /** The last run of each region's orchestrator, as an operator reads it in the log. */
  private readonly runs = new Map<string, string>();
  /** Every request for a switchover, in order; what came of each, the registers tell. */
  readonly asked: AskedSwitchover[] = [];

  /** How each region's last run ended, and when. */
  private readonly endings = new Map<string, { readonly outcome: string; readonly since: number }>();

  constructor(private readonly world: World) {
    world.observers.add({
      log: ({ region }, line) => {
        if (!line.includes('"the run goes on"')) return;
        const runId = /"runId":"([^"]+)"/.exec(line)?.[1];
        if (runId !== undefined) this.runs.set(region, runId);
        const outcome = /"outcome":"([^"]+)"/.exec(line)?.[1];
        if (outcome !== undefined) this.endings.set(region, { outcome, since: world.clock.now() });
      },
    });
  }

  /** Has a region's orchestrator fail over to it, whatever is lost. */
  failOver(location: 'primary' | 'dr'): void {
    this.ask(location, { action: 'failover', who: OPERATOR, acceptLossSeconds: 'unknown' });
  }

  /** Has a region's orchestrator fail over to it, and accepts no loss. */
  askForFailover(location: 'primary' | 'dr'): void {
    this.ask(location, { action: 'failover', who: OPERATOR });
  }

  /** Has a region's orchestrator switch over to it: asks, and asks again while it says that the time has not come. */
  switchOver(location: 'primary' | 'dr'): () => void {
    const { clock, setting } = this.world;
    const region = setting.regions[location];
    let isOver = false;
    const ask = (): void => {
      if (isOver) return;
      const run = this.endings.get(region);
      // A person reads how the run has ended, and does not ask for what is done, or for what was given up.
      if (run !== undefined && run.since > begunAt && run.outcome !== 'REFUSED') return;
      this.asked.push({ region, at: clock.now() });
      this.ask(location, { action: 'switchover', who: OPERATOR });
      clock.after(ASK_AGAIN_MS, ask);
    };
    const begunAt = clock.now();
    ask();
    return () => void (isOver = true);
  }

  /** Answers the run that stands in a region, if there is one. */
  answer(location: 'primary' | 'dr', answer: 'accept' | 'abort'): void {
    const runId = this.runs.get(this.world.setting.regions[location]);
    if (runId === undefined) return;
    const wish = { runId, who: OPERATOR };
    this.ask(
      location,
      answer === 'abort' ? { action: 'abort', ...wish } : { action: 'accept', ...wish, acceptLossSeconds: 'unknown' },
    );
  }

  /** Asks for everything that the API tells. */
  look(location: 'primary' | 'dr'): void {
    const { endpoints, route53, setting, random } = this.world;
    const host = setting.regionalApiHosts[location];
    const address = route53.addresses(host)?.values[0];
    if (address === undefined) return;
    for (const start of PATHS) {
      const path = start.startsWith('/health') ? start : `${start}/${random.uuid()}`;
      endpoints.send('outside', address, { method: 'GET', host, path }, () => undefined);
    }
  }

  /** A floor of one instance. */
  lowerFloor(region: string): void {
    const { autoscaling, setting } = this.world;
    if (setting.fleetGroup === undefined) return;
    const input = { AutoScalingGroupName: setting.fleetGroup, MinSize: '1' };
    const caller = { principal: OPERATOR, from: region, name: OPERATOR };
    autoscaling.handle(
      { service: 'autoscaling', operation: 'UpdateAutoScalingGroup', region, input, caller },
      () => undefined,
    );
  }

  /** The limits of orders are changed; another parameter beside them comes and goes. */
  touchParameter(region: string, operation: 'create' | 'change' | 'delete'): void {
    const { ssm, setting } = this.world;
    const limits = `/parameters${setting.nameSuffix}/order-limits`;
    const other = `/parameters${setting.nameSuffix}/rehearsal`;
    if (operation === 'create') ssm.create(region, other, limits, '{"made":"in a rehearsal"}');
    if (operation === 'change') ssm.change(region, limits, ssm.value(region, limits) ?? '{}');
    if (operation === 'delete') ssm.erase(region, other);
  }

  /** What the operator's command sends (lambda/shared/calls.ts). */
  private ask(location: 'primary' | 'dr', request: object): void {
    const { lambda, setting } = this.world;
    const orchestrator = setting.orchestrators[location];
    const role = `arn:aws:iam::${orchestrator.split(':')[4] ?? ''}:role/operator`;
    lambda.invokeAsync(orchestrator, request, { principal: role, from: setting.regions[location], name: OPERATOR });
  }
}
