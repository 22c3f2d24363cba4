/** The three types of the parameter store. */
export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** A parameter as it stands in one region; the value in clear. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
}

/** What makes the target like the source. */
export interface ParameterDiff {
  readonly create: readonly Parameter[];
  readonly update: readonly Parameter[];
  /** AWS refuses to change a parameter's type: delete the copy, then create it. */
  readonly replace: readonly Parameter[];
  /** Names that only the target has; whether they are copies of ours is for their tag to say. */
  readonly surplus: readonly string[];
}

/** Compares two complete listings. What is equal is not written again, so that copying back and forth comes to rest. */
export function diffParameters(source: readonly Parameter[], target: readonly Parameter[]): ParameterDiff {
  const standing = new Map(target.map((parameter) => [parameter.name, parameter]));
  const wanted = new Set(source.map(({ name }) => name));
  const create: Parameter[] = [];
  const update: Parameter[] = [];
  const replace: Parameter[] = [];
  for (const parameter of source) {
    const copy = standing.get(parameter.name);
    if (!copy) create.push(parameter);
    else if (copy.type !== parameter.type) replace.push(parameter);
    else if (copy.value !== parameter.value) update.push(parameter);
  }
  return { create, update, replace, surplus: target.map(({ name }) => name).filter((name) => !wanted.has(name)) };
}
