/** Reads one thing per name, all side by side; the first that fails fails all, because half an answer is none. */
export async function readEach<T>(
  names: readonly string[],
  read: (name: string) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
  const values = await Promise.all(names.map(async (name): Promise<[string, T]> => [name, await read(name)]));
  return Object.fromEntries(values);
}
