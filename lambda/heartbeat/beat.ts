import { freshVerdict } from '../shared/compose-keeper';
import type { LocalItems } from '../shared/local-items';
import type { RegisterKeeper, RenewResult } from '../shared/register-keeper';
import type { Quorum, SelfVerdict } from '../shared/register/record';
import type { SignalPublisher } from '../shared/signal-publisher';
import type { Telemetry } from '../shared/telemetry';
import { signalsOf } from './signals';

/** What a heartbeat touches. */
export interface BeatPorts {
  readonly keeper: RegisterKeeper;
  readonly items: LocalItems;
  readonly signals: SignalPublisher;
  readonly telemetry: Telemetry;
  readonly quorum: Quorum;
  readonly region: string;
  readonly otherRegion: string;
  /** Only dr says where clients are sent. */
  readonly publishesTraffic: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Beats once per call: one look at the registers serves the renewal and the signals. Both go out side by side, so that
 * CloudWatch can neither delay nor fail a renewal.
 */
export function createBeat(ports: BeatPorts): (index: number) => Promise<void> {
  const { keeper, signals, telemetry, quorum, region, otherRegion, publishesTraffic } = ports;
  const report = createReport(telemetry);

  async function publish(seen: Awaited<ReturnType<RegisterKeeper['view']>>, index: number): Promise<void> {
    const trafficIsDue = publishesTraffic && index % 2 === 0;
    try {
      await signals.publish(signalsOf({ seen, quorum, region, otherRegion, trafficIsDue }), seen.at);
    } catch (error) {
      telemetry.error('the signals were not published', error);
    }
  }

  return async (index) => {
    const [seen, verdict] = await Promise.all([keeper.view(), readVerdict(ports)]);
    const [result] = await Promise.all([keeper.renew({ seen, verdict }), publish(seen, index)]);
    report(result);
  };
}

/** A renewal does not depend on it: without a verdict the other region learns that there is none. */
async function readVerdict({ items, telemetry, now }: BeatPorts): Promise<SelfVerdict | undefined> {
  try {
    return freshVerdict(await items.get('verdict'), now());
  } catch (error) {
    telemetry.error('the verdict cannot be read', error);
    return undefined;
  }
}

/** Says what has changed since the last heartbeat, and every failure: 8,640 equal lines a day would hide both. */
function createReport(telemetry: Telemetry): (result: RenewResult) => void {
  let last = '';
  return (result) => {
    const local = 'local' in result ? result.local : undefined;
    if (result.kind === 'failed') telemetry.warn('the lease was not renewed', { why: result.why });
    if (local?.kind === 'failed') telemetry.warn('the lease was not copied for the functions here', { why: local.why });
    const state = [result.kind, local?.kind, 'epoch' in result ? result.epoch : ''].join(' ');
    if (state !== last) telemetry.info('the heartbeat has changed', { ...result });
    last = state;
  };
}
