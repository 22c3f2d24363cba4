import type { GraphInvoke, GraphResource, Values } from '../../analysis/graph/graph';
import type { RunPlan, RunResult } from '../judge/result';
import type { Usage } from '../iam/usage';
import type { Bounds } from '../judge/violations';
import type { HandlerCode } from '../runtime/code';

/** What a thread begins with. */
export interface WorkerData {
  readonly root: string;
  readonly code: HandlerCode;
}

/** The stack that plans are played on, as plain data: everything here can be cloned. */
export interface StageData {
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

/** What a thread is told: the stack first, then one plan after another. */
export type WorkerOrder =
  { readonly kind: 'stage'; readonly stage: StageData } | { readonly kind: 'plan'; readonly plan: RunPlan };

/** What a thread answers to a plan. */
export type WorkerAnswer =
  | { readonly kind: 'result'; readonly result: RunResult; readonly usage: Usage }
  /** The simulation itself failed: that run proves nothing. */
  | { readonly kind: 'failed'; readonly plan: RunPlan; readonly why: string };
