import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ListTagsForResourceCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
  type Parameter as SsmParameter,
} from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { MalformedError } from '../shared/errors';
import { parseStored } from '../shared/stored';
import type { Parameter } from './diff';

/** The tag that a copy carries; its value is the region that it was copied from. */
export const REPLICATED_FROM = 'replicated-from';

/** One region's parameters, to read. */
export interface ParameterSource {
  get(name: string): Promise<Parameter | undefined>;
  /** Every parameter below the path, completely, or a rejection. */
  list(): Promise<readonly Parameter[]>;
}

/** The other region's parameters, to write. */
export interface ParameterTarget extends ParameterSource {
  create(parameter: Parameter): Promise<void>;
  update(parameter: Parameter): Promise<void>;
  /** Which region a parameter was copied from; undefined when it is nobody's copy. */
  replicatedFrom(name: string): Promise<string | undefined>;
  /** Deleting what is not there is done already. */
  remove(name: string): Promise<void>;
}

const form = z.object({ Name: z.string(), Type: z.enum(['String', 'StringList', 'SecureString']), Value: z.string() });

/** Reads one region's parameters below a path; the client's time-outs and attempts bound each call. */
export function createParameterSource(client: SSMClient, path: string): ParameterSource {
  return {
    async get(name) {
      try {
        const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
        return parameterOf(Parameter);
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
    async list() {
      const found: Parameter[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new GetParametersByPathCommand({
            Path: path,
            Recursive: true,
            WithDecryption: true,
            MaxResults: 10,
            ...(token !== undefined && { NextToken: token }),
          }),
        );
        found.push(...(page.Parameters ?? []).map(parameterOf));
        if (token !== undefined && page.NextToken === token)
          throw new MalformedError(`listing ${path} does not advance`);
        token = page.NextToken;
      } while (token);
      return found;
    },
  };
}

/**
 * Writes the other region's parameters. A copy is tagged as it is created, in the same call; secure strings are encrypted
 * with that region's own key.
 */
export function createParameterTarget(
  client: SSMClient,
  path: string,
  keyArn: string,
  fromRegion: string,
): ParameterTarget {
  const put = (parameter: Parameter) => ({
    Name: parameter.name,
    Value: parameter.value,
    Type: parameter.type,
    // A value beyond 4 kB needs the advanced tier, and a listing does not tell the source's.
    Tier: 'Intelligent-Tiering' as const,
    ...(parameter.type === 'SecureString' && { KeyId: keyArn }),
  });
  return {
    ...createParameterSource(client, path),
    async create(parameter) {
      const Tags = [{ Key: REPLICATED_FROM, Value: fromRegion }];
      await client.send(new PutParameterCommand({ ...put(parameter), Tags }));
    },
    async update(parameter) {
      // AWS takes no tags together with Overwrite; a copy keeps the ones it has.
      await client.send(new PutParameterCommand({ ...put(parameter), Overwrite: true }));
    },
    async replicatedFrom(name) {
      const { TagList = [] } = await client.send(
        new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }),
      );
      return TagList.find(({ Key }) => Key === REPLICATED_FROM)?.Value;
    },
    async remove(name) {
      try {
        await client.send(new DeleteParameterCommand({ Name: name }));
      } catch (error) {
        if (!(error instanceof ParameterNotFound)) throw error;
      }
    },
  };
}

function parameterOf(found: SsmParameter | undefined): Parameter {
  const { Name, Type, Value } = parseStored(form, found, 'a parameter');
  return { name: Name, type: Type, value: Value };
}
