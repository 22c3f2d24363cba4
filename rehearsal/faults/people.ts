import type { World } from '../world/world';

const OPERATOR = 'operator';

/** What a person asks an API for; ids that nobody has are answered with 404, by the same functions. */
const PATHS = ['/health', '/health/deep', '/orders', '/payments'] as const;

/** What people do to a platform and with it while a run goes on. */
export class People {
  /** The last run of each region's orchestrator, as an operator reads it in the log. */
  private readonly runs = new Map<string, string>();

  constructor(private readonly world: World) {
    world.observers.add({
      log: ({ region }, line) => {
        const runId = line.includes('"the run goes on"') ? /"runId":"([^"]+)"/.exec(line)?.[1] : undefined;
        if (runId !== undefined) this.runs.set(region, runId);
      },
    });
  }

  /** Has a region's orchestrator fail over to it, whatever is lost. */
  failOver(location: 'primary' | 'dr'): void {
    this.ask(location, { action: 'failover', who: OPERATOR, acceptLossSeconds: 'unknown' });
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
