import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import {
  GetRootResourceResponse,
  LogSeverity,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
} from '@pulumi/pulumi/proto/engine_pb';
import type { LogRequest } from '@pulumi/pulumi/proto/engine_pb';
import type { InvokeResponse } from '@pulumi/pulumi/proto/provider_pb';
import { ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb';
import { SupportsFeatureResponse } from '@pulumi/pulumi/proto/resource_pb';
import type {
  RegisterPackageRequest,
  RegisterPackageResponse,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from '@pulumi/pulumi/proto/resource_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { parse } from 'yaml';
import { z } from 'zod';
import { Graph } from '../../analysis/graph/graph';
import { RecordingMonitor } from '../../analysis/graph/monitor';
import type { MonitorOptions } from '../../analysis/graph/monitor';
import { readStack } from '../../analysis/graph/stack-files';
import { ROOT } from '../../lib/bundles';

/** How a run through Pulumi's own language host ended. */
export interface HostRun {
  readonly exitCode: number | null;
  readonly graph: Graph;
  /** What the program or the host reported as errors. */
  readonly errors: readonly string[];
  readonly stderr: string;
}

/** What a run may be told. */
export interface HostRunOptions {
  readonly preview?: boolean;
  readonly root?: string;
  /** Values over those of the stack file, by key without namespace. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Look-ups that must answer otherwise. */
  readonly lookups?: MonitorOptions['lookups'];
  /** The Node binary, to try other versions. */
  readonly node?: string;
  readonly timeoutMs?: number;
  /** Environment besides PATH and what Pulumi sets; without any there are no credentials. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs the project as `pulumi up` does: the stock runner of @pulumi/pulumi (cmd/run) in a process of its own, started with
 * Pulumi.yaml's runtime options, talking gRPC to an engine, which here writes down what it is asked for.
 */
export async function runThroughHost(stack: string, options: HostRunOptions = {}): Promise<HostRun> {
  const { preview = false, root = ROOT, lookups = {}, node = process.execPath, timeoutMs = 150_000 } = options;
  const { project, config: written } = readStack(root, stack);
  const chosen = Object.entries(options.overrides ?? {}).map(([key, value]) => [`${project}:${key}`, value]);
  const config = { ...written, ...Object.fromEntries(chosen) };
  const monitor = new RecordingMonitor({ project, stack, preview, lookups });
  const errors: string[] = [];
  const server = new grpc.Server();
  server.addService(ResourceMonitorService, monitorService(monitor));
  server.addService(EngineService, engineService(errors));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const address = `127.0.0.1:${port}`;
  const args = [
    ...nodeArguments(root),
    'node_modules/@pulumi/pulumi/cmd/run',
    `--monitor=${address}`,
    `--engine=${address}`,
    `--project=${project}`,
    `--stack=${stack}`,
    `--pwd=${root}`,
    ...(preview ? ['--dry-run'] : []),
    '.',
  ];
  try {
    const { exitCode, stderr } = await run(node, args, root, { config, env: options.env ?? {} }, timeoutMs);
    const graph = new Graph(project, stack, monitor.resources, monitor.invokes, monitor.stackOutputs, []);
    return { exitCode, graph, errors, stderr };
  } finally {
    server.forceShutdown();
  }
}

const runtimeOptions = z.object({
  runtime: z.object({ options: z.object({ nodeargs: z.string(), tsconfig: z.string() }) }),
});

/** How Pulumi.yaml wants Node.js started. */
function nodeArguments(root: string): readonly string[] {
  const project: unknown = parse(readFileSync(path.join(root, 'Pulumi.yaml'), 'utf8'));
  return runtimeOptions.parse(project).runtime.options.nodeargs.split(' ');
}

function run(
  node: string,
  args: readonly string[],
  cwd: string,
  {
    config,
    env,
  }: { readonly config: Readonly<Record<string, string>>; readonly env: Readonly<Record<string, string>> },
  timeout: number,
) {
  const child = spawn(node, args, {
    cwd,
    timeout,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      // An instance's metadata would be looked for where there is none.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_NODEJS_TYPESCRIPT: 'true',
      PULUMI_NODEJS_TSCONFIG_PATH: 'tsconfig.pulumi.json',
    },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise<{ exitCode: number | null; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stderr }));
  });
}

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

const answering =
  <Response>(make: () => Response): Unary<unknown, Response> =>
  (_, callback) =>
    callback(null, make());

const empty = answering(() => new Empty());

/** The recorder answers requests, gRPC hands over calls. */
function monitorService(monitor: RecordingMonitor): grpc.UntypedServiceImplementation {
  const supportsFeature: Unary<SupportsFeatureRequest, SupportsFeatureResponse> = ({ request }, callback) =>
    monitor.supportsFeature(request, (error, found) => {
      const response = new SupportsFeatureResponse();
      response.setHassupport(found?.getHassupport() ?? false);
      callback(error, response);
    });
  const registerResourceOutputs: Unary<RegisterResourceOutputsRequest, Empty> = ({ request }, callback) =>
    monitor.registerResourceOutputs(request, (error) => callback(error, new Empty()));
  const invoke: Unary<ResourceInvokeRequest, InvokeResponse> = ({ request }, callback) =>
    monitor.invoke(request, callback);
  const registerResource: Unary<RegisterResourceRequest, RegisterResourceResponse> = ({ request }, callback) =>
    monitor.registerResource(request, callback);
  const registerPackage: Unary<RegisterPackageRequest, RegisterPackageResponse> = ({ request }, callback) =>
    monitor.registerPackage(request, callback);
  return {
    supportsFeature,
    invoke,
    call: empty,
    readResource: empty,
    registerResource,
    registerResourceOutputs,
    registerPackage,
    registerResourceHook: empty,
    registerErrorHook: empty,
    registerStackTransform: empty,
    registerStackInvokeTransform: empty,
    getDeploymentInfo: empty,
    signalAndWaitForShutdown: empty,
  };
}

function engineService(errors: string[]): grpc.UntypedServiceImplementation {
  const log: Unary<LogRequest, Empty> = ({ request }, callback) => {
    if (request.getSeverity() === LogSeverity.ERROR) errors.push(request.getMessage());
    callback(null, new Empty());
  };
  return {
    log,
    getRootResource: answering(() => new GetRootResourceResponse()),
    setRootResource: answering(() => new SetRootResourceResponse()),
    startDebugging: empty,
    requirePulumiVersion: answering(() => new RequirePulumiVersionResponse()),
  };
}
