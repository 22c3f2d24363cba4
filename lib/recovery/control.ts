import * as pulumi from '@pulumi/pulumi';
import { FunctionTrigger } from '../services/function-trigger';
import type { ServiceFunction } from '../services/service-function';
import { createFailoverOrchestrator } from './failover-orchestrator';
import { createHeartbeat } from './heartbeat';
import { createLedger } from './ledger';
import { createPrimaryProbe } from './primary-probe';
import { createReadiness } from './readiness';
import { createReconciler } from './reconciler';
import { takeSides, type ControlArgs } from './region-of-control';
import { createReplicationMonitor } from './replication-monitor';

/** How a function is named to others. */
export type NamedFunction = Pick<ServiceFunction<unknown>, 'physicalName' | 'functionName' | 'functionArn'>;

/** What a region needs to notice that the other one is lost, to decide, and to take over: the same in both regions (X5). */
export class Control extends pulumi.ComponentResource {
  readonly failoverOrchestrator: NamedFunction;
  readonly reconciler: NamedFunction;
  readonly heartbeat: NamedFunction;
  readonly readiness: NamedFunction;
  readonly replicationMonitor: NamedFunction;
  readonly ledger: NamedFunction;
  /** Only in dr: nothing fails over to primary by itself. */
  readonly primaryProbe: NamedFunction | undefined;
  readonly functions: readonly NamedFunction[];

  constructor(name: string, args: ControlArgs, opts: pulumi.ComponentResourceOptions) {
    super('tap:recovery:Control', name, {}, opts);
    const control = takeSides(args);
    const { region, own } = control;

    this.heartbeat = createHeartbeat(this, `${name}-heartbeat`, control);
    const monitor = createReplicationMonitor(this, `${name}-replication-monitor`, control);
    const ledger = createLedger(this, `${name}-ledger`, control);
    const orchestrator = createFailoverOrchestrator(this, `${name}-orchestrator`, control, { monitor, ledger });
    this.reconciler = createReconciler(this, `${name}-reconciler`, control, { orchestrator, ledger });
    this.primaryProbe = region.role === 'dr' ? createPrimaryProbe(this, `${name}-primary-probe`, control) : undefined;
    const compared = [...own.services.functions, this.heartbeat, monitor, ledger, orchestrator, this.reconciler];
    this.readiness = createReadiness(this, `${name}-readiness`, control, {
      functionNames: compared.map(({ physicalName }) => physicalName),
      monitor,
      orchestrator,
    });
    this.replicationMonitor = monitor;
    this.ledger = ledger;
    this.failoverOrchestrator = orchestrator;

    this.functions = [
      this.heartbeat,
      monitor,
      ledger,
      orchestrator,
      this.reconciler,
      this.readiness,
      ...(this.primaryProbe ? [this.primaryProbe] : []),
    ];
    const minutely = [this.heartbeat, monitor, this.reconciler, ...(this.primaryProbe ? [this.primaryProbe] : [])];
    for (const called of minutely) schedule(this, name, called, 'rate(1 minute)', control.config.environmentSuffix);
    schedule(this, name, this.readiness, 'rate(5 minutes)', control.config.environmentSuffix);
    this.registerOutputs({ failoverOrchestrator: orchestrator.functionArn });
  }
}

/** The finest schedule that EventBridge has is a minute (aws-facts.md 5): what is due more often ticks within it. */
function schedule(
  parent: pulumi.Resource,
  name: string,
  called: NamedFunction,
  scheduleExpression: string,
  environmentSuffix: string,
): void {
  const what = called.physicalName.replace(`-${environmentSuffix}`, '');
  new FunctionTrigger(
    `${name}-${what}-schedule`,
    {
      environmentSuffix,
      ruleName: what,
      description: `Calls ${what}`,
      functionName: called.functionName,
      functionArn: called.functionArn,
      rule: { scheduleExpression, input: JSON.stringify({ source: 'schedule' }) },
    },
    { parent },
  );
}
