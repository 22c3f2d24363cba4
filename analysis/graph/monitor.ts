import * as provider from '@pulumi/pulumi/proto/provider_pb';
import * as resource from '@pulumi/pulumi/proto/resource_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { computed } from './computed';
import { answer } from './lookups';
import { plainValues } from './wire';
import type { GraphInvoke, GraphResource, ResourceOptions, Values } from './graph';

type Callback<T> = (error: Error | null, response: T | undefined) => void;

const STACK_TYPE = 'pulumi:pulumi:Stack';
/** Off: inputs then arrive as plain values, and transforms run in process. */
const UNSUPPORTED = new Set(['outputValues', 'transforms', 'invokeTransforms']);

/** Options of an evaluation. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  /** As in a first preview: nothing is known that AWS has yet to make. */
  readonly preview: boolean;
  /** Look-ups that must answer otherwise: a failure, an account without a zone. */
  readonly lookups: Readonly<Record<string, (args: Values, region: string | undefined) => Values>>;
}

/**
 * Stands where Pulumi's engine stands and writes down every request. Unlike `setMocks` it sees providers, dependencies
 * and options (engineering facts of @pulumi/pulumi: runtime/settings.ts, setMockOptions).
 */
export class RecordingMonitor {
  readonly resources: GraphResource[] = [];
  readonly invokes: GraphInvoke[] = [];
  stackOutputs: Values = {};
  /** The first request that was refused: what Pulumi's runtime makes of it loses the message. */
  refused: Error | undefined;
  private readonly byUrn = new Map<string, GraphResource>();

  constructor(private readonly options: MonitorOptions) {}

  registerResource(
    request: resource.RegisterResourceRequest,
    callback: Callback<resource.RegisterResourceResponse>,
  ): void {
    this.reply(callback, () => {
      const entry = this.record(request);
      const response = new resource.RegisterResourceResponse();
      response.setUrn(entry.urn);
      response.setId(this.options.preview && entry.kind === 'resource' ? '' : entry.id);
      response.setObject(struct(this.options.preview ? entry.inputs : entry.outputs));
      return response;
    });
  }

  registerResourceOutputs(request: resource.RegisterResourceOutputsRequest, callback: Callback<object>): void {
    this.reply(callback, () => {
      if (request.getUrn().split('::')[2] === STACK_TYPE)
        this.stackOutputs = plainValues(request.getOutputs()?.toJavaScript());
      return {};
    });
  }

  readResource(request: resource.ReadResourceRequest, callback: Callback<resource.ReadResourceResponse>): void {
    this.reply(callback, () => {
      throw new Error(
        `${request.getType()} ${request.getName()}: existing resources are looked up, not read into the stack`,
      );
    });
  }

  invoke(request: resource.ResourceInvokeRequest, callback: Callback<provider.InvokeResponse>): void {
    this.reply(callback, () => {
      const token = request.getTok();
      const args = plainValues(request.getArgs()?.toJavaScript());
      const providerUrn = withoutId(request.getProvider());
      const region = this.regionOf(providerUrn, args);
      this.invokes.push({ token, args, provider: providerUrn, region });
      const response = new provider.InvokeResponse();
      response.setReturn(struct(this.options.lookups[token]?.(args, region) ?? answer(token, args, region)));
      return response;
    });
  }

  call(request: { getTok(): string }, callback: Callback<never>): void {
    callback(new Error(`the method call ${request.getTok()} is not evaluated`), undefined);
  }

  supportsFeature(request: { getId(): string }, callback: Callback<{ getHassupport(): boolean }>): void {
    callback(null, { getHassupport: () => !UNSUPPORTED.has(request.getId()) });
  }

  registerPackage(request: { getName(): string }, callback: Callback<resource.RegisterPackageResponse>): void {
    const response = new resource.RegisterPackageResponse();
    response.setRef(request.getName());
    callback(null, response);
  }

  registerResourceHook(_: unknown, callback: Callback<object>): void {
    callback(null, {});
  }

  registerErrorHook(_: unknown, callback: Callback<object>): void {
    callback(null, {});
  }

  close(): void {
    // nothing is open: the monitor lives in this process
  }

  private reply<T>(callback: Callback<T>, make: () => T): void {
    let response: T;
    try {
      response = make();
    } catch (error) {
      const refusal = error instanceof Error ? error : new Error(String(error));
      this.refused ??= refusal;
      callback(refusal, undefined);
      return;
    }
    callback(null, response);
  }

  private record(request: resource.RegisterResourceRequest): GraphResource {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent() || undefined];
    const urn = this.urn(parent, type, name);
    if (this.byUrn.has(urn)) throw new Error(`two resources have the URN ${urn}`);
    const secretInputs: string[] = [];
    const inputs = plainValues(request.getObject()?.toJavaScript(), secretInputs);
    const kind = kindOf(request);
    const providerUrn = withoutId(request.getProvider());
    const region = kind === 'component' ? undefined : this.regionOf(providerUrn, inputs);
    const made =
      kind === 'resource' ? computed({ urn, type, name, region: region ?? '', inputs }) : { id: name, outputs: inputs };
    const entry: GraphResource = {
      urn,
      type,
      name,
      kind,
      inputs,
      secretInputs,
      region,
      parent, // prettier-ignore
      id: kind === 'component' ? '' : made.id,
      outputs: made.outputs,
      provider: providerUrn,
      dependencies: request.getDependenciesList(),
      propertyDependencies: propertyDependencies(request),
      options: optionsOf(request),
    };
    this.byUrn.set(urn, entry);
    this.resources.push(entry);
    return entry;
  }

  /** As the engine forms it: the types of all ancestors but the stack. */
  private urn(parent: string | undefined, type: string, name: string): string {
    const ancestors = parent?.split('::')[2] ?? STACK_TYPE;
    const qualified = ancestors === STACK_TYPE ? type : `${ancestors}$${type}`;
    return `urn:pulumi:${this.options.stack}::${this.options.project}::${qualified}::${name}`;
  }

  private regionOf(providerUrn: string | undefined, inputs: Values): string | undefined {
    const own = inputs['region'];
    if (typeof own === 'string') return own;
    const region = providerUrn === undefined ? undefined : this.byUrn.get(providerUrn)?.inputs['region'];
    return typeof region === 'string' ? region : undefined;
  }
}

function kindOf(request: resource.RegisterResourceRequest): GraphResource['kind'] {
  if (!request.getCustom()) return 'component';
  return request.getType().startsWith('pulumi:providers:') ? 'provider' : 'resource';
}

function optionsOf(request: resource.RegisterResourceRequest): ResourceOptions {
  const timeouts = request.getCustomtimeouts();
  const limits = { create: timeouts?.getCreate(), update: timeouts?.getUpdate(), delete: timeouts?.getDelete() };
  return {
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: aliasesOf(request),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    deletedWith: request.getDeletedwith(),
    importId: request.getImportid(),
    customTimeouts: Object.fromEntries(Object.entries(limits).flatMap(([key, value]) => (value ? [[key, value]] : []))),
  };
}

/** An engine that resolves aliases itself, as this one says it is, gets names, or types that had another name; others get whole URNs. */
function aliasesOf(request: resource.RegisterResourceRequest): readonly string[] {
  const named = request.getAliasesList().map((alias) => {
    const spec = alias.getSpec();
    return alias.getUrn() || spec?.getName() || (spec?.getType() ?? '');
  });
  return [...request.getAliasurnsList(), ...named];
}

function propertyDependencies(request: resource.RegisterResourceRequest): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, key) => {
    const urns = dependencies.getUrnsList();
    if (urns.length > 0) found[key] = urns;
  });
  return found;
}

/** A provider reference is `urn::id`. */
function withoutId(reference: string): string | undefined {
  return reference === '' ? undefined : reference.slice(0, reference.lastIndexOf('::'));
}

function struct(values: Values): Struct {
  const plain: unknown = JSON.parse(JSON.stringify(values));
  return Struct.fromJavaScript(isRecord(plain) ? plain : {});
}

type StructObject = Parameters<typeof Struct.fromJavaScript>[0];

function isRecord(value: unknown): value is StructObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
