import path from 'node:path';
import { text } from '../../../analysis/graph/graph';
import type { Graph, GraphResource, Value, Values } from '../../../analysis/graph/graph';

/** A function as the graph has it. */
export interface DeployedFunction {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Its folder in lambda/: `heartbeat`. */
  readonly source: string;
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  readonly env: Readonly<Record<string, string>>;
  /** Asynchronous invocations: further attempts after an error, and how old an event may get, in seconds. */
  readonly retries: number;
  readonly maximumEventAgeSeconds: number;
  readonly resource: GraphResource;
}

/** Lambda's own settings where a function has no event invoke configuration (Lambda developer guide, "Asynchronous invocation"). */
const ASYNC_DEFAULTS = { retries: 2, maximumEventAgeSeconds: 21_600 };

/** Every function of the graph, by its ARN. */
export function deployedFunctions(graph: Graph): ReadonlyMap<string, DeployedFunction> {
  const configured = new Map(
    graph.all('aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig').map(({ inputs, region }) => [
      `${region} ${nameOf(text(inputs, 'functionName'))}`,
      {
        retries: numberOf(inputs['maximumRetryAttempts'], ASYNC_DEFAULTS.retries),
        maximumEventAgeSeconds: numberOf(inputs['maximumEventAgeInSeconds'], ASYNC_DEFAULTS.maximumEventAgeSeconds),
      },
    ]),
  );
  return new Map(
    graph.all('aws:lambda/function:Function').map((resource) => {
      const { inputs, outputs, region = '' } = resource;
      const name = text(outputs, 'name');
      const deployed: DeployedFunction = {
        name,
        region,
        arn: text(outputs, 'arn'),
        roleArn: text(inputs, 'role'),
        source: path.basename(text(valuesOf(inputs['code']), 'path')),
        timeoutMs: numberOf(inputs['timeout'], 3) * 1_000,
        memoryMegabytes: numberOf(inputs['memorySize'], 128),
        env: environmentOf(inputs),
        ...(configured.get(`${region} ${name}`) ?? ASYNC_DEFAULTS),
        resource,
      };
      return [deployed.arn, deployed];
    }),
  );
}

/** The name of a function from its name, its ARN, or its ARN with a qualifier. */
export function nameOf(nameOrArn: string): string {
  return /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

function environmentOf(inputs: Values): Readonly<Record<string, string>> {
  const variables = valuesOf(valuesOf(inputs['environment'])['variables']);
  return Object.fromEntries(Object.keys(variables).map((key) => [key, text(variables, key)]));
}

function valuesOf(value: Value): Values {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

function numberOf(value: Value, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
