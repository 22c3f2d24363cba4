import path from 'node:path';
import { z } from 'zod';

/** What test/support/environment.ts gives to every test file. */
export type Outside = (program: string, options: string) => Promise<string>;

const failure = z.object({ name: z.string(), message: z.string() });
const given = z.object({ outside: z.custom<Outside>((value) => typeof value === 'function').optional() });

/**
 * Runs one of the programs beside this file outside of jest's modules.
 * @param options what its `main` is given, as JSON can carry it.
 * @returns what `main` returned, as JSON. Where there is no outside, because coverage is collected, it runs inside.
 * @throws Error with the message of what `main` threw.
 */
export async function outside(program: string, options: unknown): Promise<string> {
  const { outside: run } = given.parse(globalThis);
  try {
    return await (run ?? inside)(program, JSON.stringify(options));
  } catch (error) {
    // Its class is not the one that `instanceof Error` asks for in here.
    const { name, message } = failure.parse(error);
    throw Object.assign(new Error(message), { name });
  }
}

async function inside(program: string, options: string): Promise<string> {
  const { main } = jest.requireActual<{ readonly main: (options: unknown) => unknown }>(
    path.join(__dirname, `${program}.ts`),
  );
  return JSON.stringify(await main(JSON.parse(options)));
}
