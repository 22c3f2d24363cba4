import * as z from 'zod/mini';
import { createAlerts } from '../../../../lambda/failover-orchestrator/alerts';
import type { OrchestratorAnswer } from '../../../../lambda/failover-orchestrator/answer';
import type { Asked } from '../../../../lambda/failover-orchestrator/event';
import { createFinish } from '../../../../lambda/failover-orchestrator/finish';
import type { GlobalDatabaseLook } from '../../../../lambda/failover-orchestrator/global-database';
import type { Evidence } from '../../../../lambda/failover-orchestrator/guards';
import type { Journal, Wishes } from '../../../../lambda/failover-orchestrator/journal';
import type { JournalItem } from '../../../../lambda/failover-orchestrator/journal-items';
import { operate, type OperatePorts } from '../../../../lambda/failover-orchestrator/operate';
import type { StepName } from '../../../../lambda/failover-orchestrator/plan';
import type { RunPolicy, RunState } from '../../../../lambda/failover-orchestrator/run';
import { createEndWrites } from '../../../../lambda/failover-orchestrator/steps/end-writes';
import { createOpen } from '../../../../lambda/failover-orchestrator/steps/open';
import { createPromote } from '../../../../lambda/failover-orchestrator/steps/promote';
import { createReconcile } from '../../../../lambda/failover-orchestrator/steps/reconcile';
import { createShiftTraffic } from '../../../../lambda/failover-orchestrator/steps/shift-traffic';
import { createSwitchOver } from '../../../../lambda/failover-orchestrator/steps/switch-over';
import type { StepAttempt } from '../../../../lambda/failover-orchestrator/steps/step';
import type { LocalItem } from '../../../../lambda/shared/local-items';
import type { SignalValues } from '../../../../lambda/shared/signal-publisher';
import { recordedTelemetry } from '../../support/fakes';
import { platform } from '../../support/registers';
import { steppedClock } from './clock';
import { memoryJournal, memoryJournalItems } from './memory-journal';
import { DR, evidence, NOW, POLICY, PRIMARY, register, wellEvidence } from './run';

/** Of RDS, in milliseconds. */
const PROMOTION_MS = 12_000;
const OWN_CLUSTER = 'arn:aws:rds:eu-central-2:1:cluster:dr';

/** An invocation of Lambda. It dies, or is slow, after a call and before its answer is here. */
export interface Life {
  /** Dies at this call. */
  readonly diesAt?: number;
  /** Dies as soon as the journal holds this phase. */
  readonly diesIn?: RunState['phase'];
  /** Is slow as soon as the journal holds this phase, or after this call, until the promise is kept. */
  readonly slowIn?: RunState['phase'];
  readonly slowAt?: number;
  readonly until?: Promise<void>;
  readonly remainingMs?: number;
}

/** What a test wants to be different. */
export interface Change {
  readonly policy?: RunPolicy;
  readonly evidence?: Partial<Evidence>;
  /** Changes the ports of every invocation. */
  readonly alter?: (ports: OperatePorts) => OperatePorts;
}

/**
 * Primary has just been lost: its lease has five more seconds. dr has real registers, the real steps that matter, and a
 * journal; the rest is counted.
 */
export async function lostPrimary(change: Change = {}) {
  const registers = platform(NOW - 55_000);
  await registers.primary.keeper.renew({ verdict: registers.verdict() });
  registers.dr.links['eu-central-1'] = 'down';
  return worldOf(registers, change, (at) => evidence({ at, register: register({ lastRenewal: NOW - 55_000 }) }));
}

/** Nothing is lost: primary has renewed its lease five seconds ago, and an operator may switch over to dr. */
export async function bothWell(change: Change = {}) {
  const registers = platform(NOW - 5_000);
  await registers.primary.keeper.renew({ verdict: registers.verdict() });
  return worldOf(registers, change, (at) => wellEvidence({}, {}, at));
}

function worldOf(registers: ReturnType<typeof platform>, change: Change, known: (at: number) => Evidence) {
  const clock = steppedClock(NOW);
  const { journal, current, revisions } = memoryJournal();
  const { items, all } = memoryJournalItems();
  const rds: { orderedAt?: number; orders: number; cancels?: boolean } = { orders: 0 };
  const database = { epoch: 1, ledgerThere: 'up' as 'up' | 'silent' };
  const local: { sweep?: LocalItem<'sweep'> } = {};
  const published: SignalValues[] = [];
  const told: string[] = [];
  const performed: string[] = [];
  const reports: string[] = [];
  const faults: string[] = [];
  const restored: string[] = [];
  let ids = 0;

  const look = (): GlobalDatabaseLook => {
    const cluster = { status: 'available', instances: 1, engineVersion: '17.5' };
    const { orderedAt } = rds;
    const isCancelled = rds.cancels === true && orderedAt !== undefined && clock.now() - orderedAt >= PROMOTION_MS / 2;
    if (orderedAt === undefined || isCancelled) return { isMember: true, isWriter: false, cluster };
    if (clock.now() - orderedAt >= PROMOTION_MS) return { isMember: true, isWriter: true, cluster };
    return { isMember: true, isWriter: false, cluster, inProgress: { status: 'failing-over', towards: OWN_CLUSTER } };
  };

  /** The ports of one invocation: when it dies, nothing that it has asked for is ever answered again. */
  function invocation(life: Life): {
    readonly ports: OperatePorts;
    readonly died: Promise<'died'>;
    calls: () => number;
  } {
    let calls = 0;
    let dead = false;
    let die: (word: 'died') => void = () => undefined;
    const died = new Promise<'died'>((resolve) => (die = resolve));
    const never = new Promise<never>(() => undefined);

    const alive =
      <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (dead) return never;
        const answer = await call(...args);
        calls += 1;
        const phase = current()?.state.phase;
        if (calls === life.diesAt || phase === (life.diesIn ?? 'none')) {
          dead = true;
          die('died');
        }
        if (phase === life.slowIn || calls === life.slowAt) await life.until;
        return dead ? never : answer;
      };
    const keeper = registers.dr.keeper;
    const onTime = <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
      alive((...args: A) => {
        registers.clock.at = clock.now();
        return call(...args);
      });
    const own = {
      view: onTime(() => keeper.view()),
      claim: onTime((id: string) => keeper.claim(id)),
      open: onTime((epoch: number) => keeper.open(epoch)),
      setTraffic: onTime((epoch: number, active: 0 | 1) => keeper.setTraffic(epoch, active)),
      endOtherLease: onTime((epoch: number) => keeper.endOtherLease(epoch)),
      release: onTime((epoch: number) => keeper.release(epoch)),
    };
    const ordering = alive(async () => {
      rds.orders += 1;
      rds.orderedAt ??= clock.now();
    });
    const signals = { publish: alive(async (values: SignalValues) => void published.push(values)) };
    const written = (name: StepName, attempt: StepAttempt): StepAttempt => {
      return async (context) => {
        if (current()?.state.steps[name].status !== 'started') faults.push(`${name} is not in the journal`);
        performed.push(name);
        return alive(attempt)(context);
      };
    };
    const counted = (name: StepName): StepAttempt => written(name, async () => ({ kind: 'done', detail: name }));
    const reporter = { report: alive(async ({ runId }: { runId: string }) => (reports.push(runId), `runs/${runId}`)) };
    const now = clock.now;
    const ports: OperatePorts = {
      journal: {
        read: alive(() => journal.read()),
        write: alive((...args: Parameters<Journal['write']>) => journal.write(...args)),
        history: alive((runId: string) => journal.history(runId)),
        wishes: alive((runId: string) => journal.wishes(runId)),
        wish: alive((runId: string, wishes: Wishes) => journal.wish(runId, wishes)),
      },
      observe: alive(async ({ lastFailoverAt }) =>
        Promise.resolve({
          ...known(now()),
          ...(lastFailoverAt !== undefined && { lastFailoverAt }),
          ...change.evidence,
        }),
      ),
      registers: {
        claim: (id) => {
          if (current()?.state.phase !== 'claiming') faults.push('a claim is not in the journal');
          return own.claim(id);
        },
        release: (epoch) => {
          if (current()?.state.phase !== 'releasing') faults.push('a release is not in the journal');
          return own.release(epoch);
        },
      },
      steps: {
        'stop-consumers': counted('stop-consumers'),
        'start-consumers': counted('start-consumers'),
        'end-writes': written(
          'end-writes',
          createEndWrites({
            registers: own,
            ledgerFunction: 'ledger there',
            region: DR,
            otherRegion: PRIMARY,
            now,
            calls: {
              ask: async (_, request, answer) => {
                if (database.ledgerThere === 'silent') throw new Error('no answer');
                if ('epoch' in request) database.epoch = Math.max(database.epoch, Number(request.epoch));
                return alive(async () => z.parse(answer, { epoch: database.epoch }))();
              },
            },
          }),
        ),
        'switch-over': written(
          'switch-over',
          createSwitchOver({
            registers: own,
            here: { look: alive(async () => look()) },
            there: { switchOverTo: ordering },
            region: DR,
            ownClusterArn: OWN_CLUSTER,
          }),
        ),
        'lower-floor': counted('lower-floor'),
        'restore-consumers': counted('restore-consumers'),
        'move-rpo-bound': counted('move-rpo-bound'),
        promote: written(
          'promote',
          createPromote({
            registers: own,
            region: DR,
            ownClusterArn: OWN_CLUSTER,
            database: {
              look: alive(async () => look()),
              failOver: ordering,
            },
          }),
        ),
        'shift-traffic': written('shift-traffic', createShiftTraffic({ registers: own, signals, isDr: true, now })),
        'raise-floor': counted('raise-floor'),
        open: written(
          'open',
          createOpen({
            registers: own,
            ledgerFunction: 'ledger',
            calls: {
              ask: async (_, request, answer) => {
                if (look().isWriter && 'epoch' in request)
                  database.epoch = Math.max(database.epoch, Number(request.epoch));
                return alive(async () => z.parse(answer, { epoch: database.epoch }))();
              },
            },
          }),
        ),
        reconcile: written(
          'reconcile',
          createReconcile({
            now,
            window: {
              read: alive(async () => local.sweep),
              put: alive(async (sweep) => void (local.sweep = sweep)),
            },
          }),
        ),
        verify: counted('verify'),
        announce: counted('announce'),
        'record-change': counted('record-change'),
        report: written('report', async ({ state }) => ({ kind: 'done', detail: await reporter.report(state) })),
      },
      restoreConsumers: alive(async () => {
        restored.push('consumers there');
        return { kind: 'done', detail: 'started' };
      }),
      alerts: createAlerts(
        {
          ...items,
          get: alive((pk: string, sk: string) => items.get(pk, sk)),
          putOnce: alive((item: JournalItem) => items.putOnce(item)),
        },
        { publish: alive(async (subject) => void told.push(subject)) },
        { region: DR, environmentSuffix: 'dev', now },
      ),
      finish: createFinish({ reporter, signals, items }),
      policy: change.policy ?? POLICY,
      drainCalls: () => [],
      isActive: async () => {
        const reading = await registers.dr.lease.read();
        return reading.known && reading.lease.activeRegion === DR;
      },
      newId: () => `id-${(ids += 1)}`,
      telemetry: recordedTelemetry(),
      now,
      sleep: (ms) => (dead ? never : clock.sleep(ms)),
    };
    return { ports: change.alter?.(ports) ?? ports, died, calls: () => calls };
  }

  return {
    registers,
    clock,
    rds,
    database,
    local,
    published,
    told,
    performed,
    reports,
    faults,
    restored,
    marks: all,
    current,
    revisions,
    /** Invokes once; `died` when the invocation did not come to its end. */
    async invoke(asked: Asked, life: Life = {}): Promise<{ answer: OrchestratorAnswer | 'died'; calls: number }> {
      const { ports, died, calls } = invocation(life);
      const until = clock.now() + (life.remainingMs ?? 900_000);
      const answer = await Promise.race([operate(ports, asked, () => until - clock.now()), died]);
      if (answer === 'died') clock.forget();
      return { answer, calls: calls() };
    },
  };
}
