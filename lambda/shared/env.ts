import * as z from 'zod/mini';
import { PlatformError } from './errors';

/** A function's environment that does not fit its contract: one line for each wrong key, all of them at once. */
export class EnvironmentError extends PlatformError {
  override readonly name = 'EnvironmentError';
}

/** What Lambda itself sets; never part of a function's contract with the infrastructure. */
export const lambdaProvided = {
  AWS_REGION: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'the name of a region, for example eu-central-1'),
};

/** A value that must not be empty, said in the operator's words. */
export const text = matching(/./, 'a text that is not empty');

/** A DNS name or an address without scheme and port. */
export const host = matching(/^[A-Za-z0-9.:_-]+$/, 'a host name without scheme or path');

/** Where an API is: `https://` and a host, or what an emulator has instead; no slash at the end. */
export const url = matching(
  /^https?:\/\/[A-Za-z0-9.:_-]+(\/[A-Za-z0-9._~/-]*[A-Za-z0-9])?$/,
  'a URL without a slash at its end',
);

/** A TCP port, 1-65535. */
export const port = z.pipe(
  matching(/^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/, 'a port between 1 and 65535'),
  z.transform(Number),
);

/** A whole number of seconds, at least 1. */
export const seconds = z.pipe(matching(/^[1-9]\d{0,8}$/, 'a whole number of seconds, at least 1'), z.transform(Number));

/** Text of one form, with what is allowed as the message. */
export function matching(pattern: RegExp, allowed: string): z.ZodMiniString {
  return z.string(allowed).check(z.regex(pattern, allowed));
}

/** The keys that every function has. */
export const everyFunction = { ENVIRONMENT_SUFFIX: text };

/** Several values in one variable, separated by commas; empty is none. */
export const list = z.pipe(
  z.string('values separated by commas, or nothing'),
  z.transform((value): readonly string[] => (value === '' ? [] : value.split(','))),
);

/** The keys of every function that talks to PostgreSQL: this region's cluster and the existing secret. */
export const databaseKeys = {
  /** The cluster endpoint, which leads to the writer. */
  DATABASE_HOST: host,
  /** The instances' own endpoints, for when the writer has no name here. */
  DATABASE_INSTANCE_HOSTS: list,
  DATABASE_PORT: port,
  DATABASE_NAME: text,
  DATABASE_SECRET_ID: text,
  DATABASE_TLS: z.enum(['verify-full', 'disable'], 'verify-full or disable'),
};

const region = matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'the name of a region, for example eu-central-1');

/** The keys of every function that reads or writes the registers. */
export const registerKeys = {
  REGISTER_TABLE: text,
  PRIMARY_REGION: region,
  DR_REGION: region,
  /** `none`: primary's register alone decides. */
  WITNESS_REGION: z.union([z.literal('none'), region], 'the name of a region, or none'),
  LEASE_TABLE: text,
  LEASE_SECONDS: seconds,
};

/** The register part of an environment, read. */
export type RegisterSettings = z.output<z.ZodMiniObject<typeof registerKeys>>;

/** The database part of an environment, read. */
export type DatabaseSettings = z.output<z.ZodMiniObject<typeof databaseKeys>>;

/**
 * Reads a function's environment once, at cold start, together with what Lambda provides.
 *
 * @throws EnvironmentError naming every missing or wrong key with its value and what is allowed.
 */
export function readEnv<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodMiniObject<Shape>,
  source: Readonly<Record<string, string | undefined>> = process.env,
): z.output<z.ZodMiniObject<Shape>> & { readonly AWS_REGION: string } {
  const own = schema.safeParse(source);
  const provided = z.object(lambdaProvided).safeParse(source);
  if (own.success && provided.success) return { ...own.data, ...provided.data };
  const issues = [...(own.error?.issues ?? []), ...(provided.error?.issues ?? [])];
  const lines = issues.map((issue) => {
    const key = String(issue.path[0]);
    const found = source[key] === undefined ? 'is missing' : `is "${source[key]}"`;
    return `${key} ${found}; allowed: ${issue.message}`;
  });
  throw new EnvironmentError(`The function's environment is wrong:\n${lines.join('\n')}`);
}
