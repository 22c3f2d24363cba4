/** A value as a resource's request carries it, after secrets and assets were unwrapped. */
export type Value = undefined | null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** The inputs or outputs of a resource. */
export type Values = Readonly<Record<string, Value>>;

/** What the program asked of the engine beside the inputs. */
export interface ResourceOptions {
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** Former names or types of the resource, or whole former URNs. */
  readonly aliases: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly deletedWith: string;
  readonly importId: string;
  /** Time limits for one operation, for example `{ delete: '45m' }`. */
  readonly customTimeouts: Readonly<Record<string, string>>;
}

/** One resource that the program registered: the full request and what it got back. */
export interface GraphResource {
  readonly urn: string;
  readonly type: string;
  /** The logical name: the resource's identity. */
  readonly name: string;
  readonly kind: 'component' | 'provider' | 'resource';
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
  /** Paths of secret inputs, for example `masterPassword`. */
  readonly secretInputs: readonly string[];
  /** URN of the explicit provider; undefined means the default provider. */
  readonly provider: string | undefined;
  /** The region it is created in: that of its provider, or its own `region` input. */
  readonly region: string | undefined;
  readonly parent: string | undefined;
  /** URNs of all resources that must exist first. */
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
}

/** One call of a provider function (a look-up). */
export interface GraphInvoke {
  readonly token: string;
  readonly args: Values;
  readonly provider: string | undefined;
  readonly region: string | undefined;
}

/** Everything one evaluation of the program registered, in registration order. */
export class Graph {
  private readonly byUrn: ReadonlyMap<string, GraphResource>;

  constructor(
    readonly project: string,
    readonly stack: string,
    readonly resources: readonly GraphResource[],
    readonly invokes: readonly GraphInvoke[],
    /** The stack's outputs. */
    readonly outputs: Values,
    /** Warnings that the program logged. */
    readonly warnings: readonly string[],
  ) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** Everything except the providers and the components, which exist in Pulumi only. */
  get created(): readonly GraphResource[] {
    return this.resources.filter((resource) => resource.kind === 'resource');
  }

  /** All resources of a type, `aws:sqs/queue:Queue`. */
  all(type: string): readonly GraphResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /**
   * The one resource of a type with this logical name.
   * @throws Error naming the near misses, when there is none or more than one.
   */
  one(type: string, name: string): GraphResource {
    const found = this.all(type).filter((resource) => resource.name === name);
    if (found.length === 1 && found[0]) return found[0];
    const names = this.all(type).map((resource) => resource.name);
    throw new Error(
      `${found.length} resources of type ${type} are named ${name}; of that type there are: ${names.join(', ') || 'none'}`,
    );
  }

  /** @throws Error when no resource has this URN. */
  get(urn: string): GraphResource {
    const resource = this.byUrn.get(urn);
    if (!resource) throw new Error(`no resource has the URN ${urn}`);
    return resource;
  }

  /** The chain of parents, nearest first. */
  parents(resource: GraphResource): readonly GraphResource[] {
    const parent = resource.parent === undefined ? undefined : this.byUrn.get(resource.parent);
    return parent ? [parent, ...this.parents(parent)] : [];
  }

  /** Whether `resource` is created after `other`, directly or through others. */
  dependsOn(resource: GraphResource, other: GraphResource): boolean {
    const seen = new Set<string>();
    const pending = [...resource.dependencies];
    for (let urn = pending.pop(); urn !== undefined; urn = pending.pop()) {
      if (urn === other.urn) return true;
      if (seen.has(urn)) continue;
      seen.add(urn);
      pending.push(...(this.byUrn.get(urn)?.dependencies ?? []));
    }
    return false;
  }
}

/** Reads one string input, or fails naming the resource. */
export function text(values: Values, key: string): string {
  const value = values[key];
  if (typeof value !== 'string') throw new Error(`${key} is not a string: ${JSON.stringify(value)}`);
  return value;
}
