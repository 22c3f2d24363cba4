import type { Range } from '../kernel/random';
import type { ServiceName } from '../aws/service';
import type { ServiceTrouble } from './conditions';

/** A region by its home role, so that a schedule of faults holds for every pair of regions. */
export type Location = 'primary' | 'dr' | 'witness';

/** One thing that goes wrong. Everything in it is JSON: a schedule is kept, replayed and made smaller as data. */
export type Fault =
  /** `dark`: everything in it stops. `cut-off`: it goes on inside, nothing passes. `half-open`: it is reached and no answer comes out. */
  | { readonly kind: 'region-lost'; readonly region: Location; readonly how: 'dark' | 'cut-off' | 'half-open' }
  | { readonly kind: 'region-slow'; readonly region: Location; readonly slowerMs: Range }
  /** Nothing passes between two regions; callers outside reach both. One way: only messages from the first to the second are lost. */
  | { readonly kind: 'partition'; readonly between: readonly [Location, Location]; readonly oneWay?: boolean }
  /** A region reaches neither the others nor anything outside, and clients do not reach it, but it is well inside. */
  | {
      readonly kind: 'service';
      readonly region: Location;
      readonly service: ServiceName;
      readonly effect: ServiceTrouble['effect'];
      readonly operations?: readonly string[];
      readonly share?: number;
    }
  /** The control planes in a region answer with errors; tables, queues and functions that run go on. */
  | { readonly kind: 'control-plane-down'; readonly region: Location }
  | { readonly kind: 'route53-control-plane-down' }
  | { readonly kind: 'clock-skew'; readonly region: Location; readonly ms: number }
  | { readonly kind: 'duplicate-events'; readonly probability: number }
  | { readonly kind: 'duplicate-messages'; readonly probability: number }
  | { readonly kind: 'late-messages'; readonly lateMs: Range }
  | {
      readonly kind: 'lost-invocations';
      readonly region: Location;
      readonly function: string;
      readonly probability: number;
    }
  /** Every invocation of a function fails at once. */
  | { readonly kind: 'function-broken'; readonly region: Location; readonly function: string }
  /** Whatever comes back to a function is taken in so many milliseconds later: it is short of CPU, or waits for a lock each time. */
  | { readonly kind: 'function-slow'; readonly region: Location; readonly function: string; readonly ms: number }
  /** Clients send so many further orders a second. */
  | { readonly kind: 'load'; readonly perSecond: number }
  /** A function dies at the n-th message that it sends, or hears, after the fault began. */
  | {
      readonly kind: 'crash';
      readonly region: Location;
      readonly function: string;
      readonly crossing: 'sends' | 'hears';
      readonly number: number;
    }
  | { readonly kind: 'stale-reads'; readonly region: Location; readonly ms: number }
  | { readonly kind: 'dynamodb-lag'; readonly ms: number }
  | { readonly kind: 'dynamodb-frozen' }
  | { readonly kind: 'aurora-lag'; readonly ms: number }
  | { readonly kind: 'aurora-lag-frozen' }
  | { readonly kind: 'promotion-takes'; readonly ms: number }
  | { readonly kind: 'promotion-fails' }
  | { readonly kind: 'fencing-times-out' }
  /** The database takes nothing until the fault is over. */
  | { readonly kind: 'database-gone'; readonly region: Location }
  /** An in-region failover of the writer. */
  | { readonly kind: 'writer-fails'; readonly region: Location; readonly ms: number }
  | { readonly kind: 'no-capacity'; readonly region: Location }
  | { readonly kind: 'zone-lost'; readonly region: Location }
  | { readonly kind: 'canary-broken'; readonly region: Location }
  | { readonly kind: 'alarm-stuck'; readonly region: Location; readonly alarm: string; readonly state: 'ALARM' | 'OK' }
  | { readonly kind: 'metrics-late'; readonly region: Location; readonly ms: number }
  /** The API answers a share of the requests with 500 or 429 before they reach a function. */
  | {
      readonly kind: 'api-errors';
      readonly region: Location;
      readonly status: 429 | 500;
      readonly share: number;
      readonly path?: string;
    }
  /** A person makes, changes or deletes a parameter of the stack. */
  | {
      readonly kind: 'parameter';
      readonly region: 'primary' | 'dr';
      readonly operation: 'create' | 'change' | 'delete';
    }
  /** A person looks: at the health of a region, deep too, and at what became of the last order and the last payment. */
  | { readonly kind: 'person-looks'; readonly region: 'primary' | 'dr' }
  /** A person lowers the floor of a region's fleet to one instance. */
  | { readonly kind: 'floor-lowered'; readonly region: 'primary' | 'dr' }
  /** A person calls the orchestrator of a region, and accepts whatever loss there is. */
  | { readonly kind: 'operator-asks'; readonly region: 'primary' | 'dr' }
  /** A person asks the orchestrator of a region to fail over, and says nothing of what may be lost. */
  | { readonly kind: 'operator-fails-over'; readonly region: 'primary' | 'dr' }
  /** A person asks the orchestrator of a region to switch over to it, and again each minute until it is done or the window ends. */
  | { readonly kind: 'operator-switches-over'; readonly region: 'primary' | 'dr' }
  /** A person accepts the loss of the run that waits for one, or wants a run aborted. */
  | { readonly kind: 'operator-answers'; readonly region: 'primary' | 'dr'; readonly answer: 'accept' | 'abort' }
  /** An order and a payment are in the tables that no row can have, as an older API took them: with U+0000 in a text. */
  | { readonly kind: 'unstorable-items'; readonly region: 'primary' | 'dr' }
  /** New versions of all functions of a region: every environment is new, and for a moment some requests fail. */
  | { readonly kind: 'deployment'; readonly region: Location };

/** When a fault is there, in seconds after the run's fault time; without an end it stays to the end of the run. */
export interface FaultWindow {
  readonly fault: Fault;
  readonly from: number;
  readonly until?: number;
}
