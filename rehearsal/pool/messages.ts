import type { GraphInvoke, GraphResource, Values } from '../../analysis/graph/graph';
import type { RunPlan, RunResult } from '../judge/result';
import type { Usage } from '../iam/usage';
import type { Bounds } from '../judge/violations';
import type { HandlerCode } from '../runtime/code';

/** What a worker is given once: everything here can be cloned. */
export interface WorkerData {
  readonly root: string;
  readonly code: HandlerCode;
  readonly graph: {
    readonly project: string;
    readonly stack: string;
    readonly resources: readonly GraphResource[];
    readonly invokes: readonly GraphInvoke[];
    readonly outputs: Values;
  };
  /** What the budget says, by class and chain: `A region`. */
  readonly bounds: Readonly<Record<string, Bounds>>;
}

/** What a worker answers to a plan. */
export type WorkerAnswer =
  | { readonly kind: 'result'; readonly result: RunResult; readonly usage: Usage }
  /** The simulation itself failed: that run proves nothing. */
  | { readonly kind: 'failed'; readonly plan: RunPlan; readonly why: string };
