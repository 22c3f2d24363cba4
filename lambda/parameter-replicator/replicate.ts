import { describeError } from '../shared/errors';
import type { LeasePort } from '../shared/lease-store';
import { mayWrite, type Refusal } from '../shared/may-write';
import type { Telemetry } from '../shared/telemetry';
import { diffParameters, type Parameter } from './diff';
import type { ReplicationRequest } from './event';
import type { ParameterSource, ParameterTarget } from './parameter-store';

/** What a run touches. */
export interface ReplicatorPorts {
  readonly source: ParameterSource;
  readonly target: ParameterTarget;
  readonly lease: LeasePort;
  readonly telemetry: Telemetry;
  /** This function's own region: the one that parameters are copied from. */
  readonly region: string;
  /** The path that is replicated, without a slash at its end. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a run did; `kept` are parameters that only the target has and that are not copies of ours. */
export interface ReplicationCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly kept: number;
  readonly failed: readonly { readonly name: string; readonly why: string }[];
}

/** How a run ended. */
export type ReplicationResult =
  | ({ readonly status: 'REPLICATED' } & ReplicationCounts)
  /** The lease was lost on the way: what is left is the other region's to decide. */
  | ({ readonly status: 'STOPPED'; readonly reason: Refusal; readonly why: string } & ReplicationCounts)
  | { readonly status: 'SKIPPED'; readonly reason: Refusal | 'OUTSIDE_PATH'; readonly why: string };

/** The longest that one write to the target takes with its retries, in milliseconds: the lease must last that long. */
const WRITE_MS = 10_000;

/** Makes the target's parameters like this region's, as long as this region is the active one. Every step is idempotent. */
export async function replicate(ports: ReplicatorPorts, request: ReplicationRequest): Promise<ReplicationResult> {
  if (request.kind === 'one' && !request.name.startsWith(`${ports.path}/`)) {
    return { status: 'SKIPPED', reason: 'OUTSIDE_PATH', why: `${request.name} is not below ${ports.path}` };
  }
  const permit = await permitNow(ports);
  if (!permit.ok) return { status: 'SKIPPED', reason: permit.reason, why: permit.why };

  // Both listings are complete before anything is written: a page that is missing must not look like a deletion.
  const [source, target] = await Promise.all([read(ports.source, request), read(ports.target, request)]);
  const steps = planSteps(ports, source, target);
  const tally = { created: 0, updated: 0, deleted: 0, kept: 0, failed: [] as { name: string; why: string }[] };
  for (const { name, run } of steps) {
    const still = await permitNow(ports);
    if (!still.ok) return { status: 'STOPPED', reason: still.reason, why: still.why, ...tally };
    try {
      tally[await run()] += 1;
    } catch (error) {
      // One parameter that cannot be written must not hold up the others; the next reconciliation tries it again.
      ports.telemetry.error('the parameter is not replicated', error, { name });
      tally.failed.push({ name, why: describeError(error) });
    }
  }
  ports.telemetry.count('ParametersReplicated', tally.created + tally.updated + tally.deleted);
  return { status: 'REPLICATED', ...tally };
}

async function permitNow({ lease, region, now }: ReplicatorPorts) {
  return mayWrite({ reading: await lease.read(), region, now: now(), deadline: now() + WRITE_MS });
}

async function read(from: ParameterSource, request: ReplicationRequest): Promise<readonly Parameter[]> {
  if (request.kind === 'all') return from.list();
  const parameter = await from.get(request.name);
  return parameter ? [parameter] : [];
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<'created' | 'updated' | 'deleted' | 'kept'>;
}

function planSteps(
  { target, region }: ReplicatorPorts,
  source: readonly Parameter[],
  standing: readonly Parameter[],
): readonly Step[] {
  const { create, update, replace, surplus } = diffParameters(source, standing);
  const isOurCopy = async (name: string) => (await target.replicatedFrom(name)) === region;
  return [
    ...create.map((parameter): Step => ({
      name: parameter.name,
      run: () => target.create(parameter).then(() => 'created'),
    })),
    ...update.map((parameter): Step => ({
      name: parameter.name,
      run: () => target.update(parameter).then(() => 'updated'),
    })),
    ...replace.map((parameter): Step => ({
      name: parameter.name,
      run: async () => {
        if (!(await isOurCopy(parameter.name))) throw new Error('it has another type and is not a copy of ours');
        await target.remove(parameter.name);
        await target.create(parameter);
        return 'updated';
      },
    })),
    ...surplus.map((name): Step => ({
      name,
      run: async () => {
        if (!(await isOurCopy(name))) return 'kept';
        await target.remove(name);
        return 'deleted';
      },
    })),
  ];
}
