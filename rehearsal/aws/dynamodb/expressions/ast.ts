/** One step of a document path: an attribute's name, a placeholder for one, or a list index. */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'alias'; readonly alias: string }
  | { readonly kind: 'index'; readonly index: number };

export interface Path {
  readonly kind: 'path';
  readonly steps: readonly [Step, ...Step[]];
}

/** `:placeholder` of a value. */
export interface ValueRef {
  readonly kind: 'value';
  readonly ref: string;
}

export type Operand = Path | ValueRef | { readonly kind: 'size'; readonly path: Path };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly lower: Operand; readonly upper: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'exists' | 'absent'; readonly path: Path }
  | { readonly kind: 'type'; readonly path: Path; readonly type: ValueRef }
  | { readonly kind: 'begins'; readonly path: Path; readonly prefix: Operand }
  | { readonly kind: 'contains'; readonly path: Path; readonly what: Operand }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition };

/** What the right side of SET may be. */
export type SetOperand =
  | Path
  | ValueRef
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: SetOperand }
  | { readonly kind: 'list_append'; readonly first: SetOperand; readonly second: SetOperand };

export interface SetAction {
  readonly path: Path;
  readonly left: SetOperand;
  readonly plus?: { readonly operator: '+' | '-'; readonly right: SetOperand };
}

export interface Update {
  readonly set: readonly SetAction[];
  readonly remove: readonly Path[];
  readonly add: readonly { readonly path: Path; readonly value: ValueRef }[];
}

/** The parameters of a request that hold an expression. */
export type ExpressionName =
  'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression' | 'ProjectionExpression' | 'UpdateExpression';

/** An expression, read once per text. Names and values are put in per request. */
export interface Compiled<T> {
  readonly name: ExpressionName;
  readonly body: T;
  /** Placeholders in it, `#name` and `:value`. */
  readonly aliases: readonly string[];
  readonly refs: readonly string[];
}
