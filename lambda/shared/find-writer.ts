/** A connection to one instance that can be asked and closed. */
export interface AskableClient {
  query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
  end(): Promise<void>;
}

/**
 * The instance that takes writes, among a cluster's own: asked all at once, because most of them may be gone.
 *
 * The name of the writer does not exist in a region that follows, and a resolver that was asked for it remembers so for the zone's
 * negative TTL (RFC 2308), which outlives the promotion by minutes. The names of instances exist whatever their role.
 *
 * @param open connects to a host; bounded in time by whoever gives it.
 * @param isWorthTelling whether a failure to connect says more than that nobody is there.
 * @returns undefined when none of them takes writes.
 * @throws a failure that is worth telling, when no instance was found.
 */
export async function findWriter<Client extends AskableClient>(
  hosts: readonly string[],
  open: (host: string) => Promise<Client>,
  isWorthTelling: (error: unknown) => boolean,
): Promise<Client | undefined> {
  const failures: unknown[] = [];
  const asked = await Promise.all(
    hosts.map(async (host) => {
      try {
        const client = await open(host);
        if (await takesWrites(client)) return client;
        close(client);
      } catch (error) {
        failures.push(error);
      }
      return undefined;
    }),
  );
  const [writer, ...others] = asked.filter((client) => client !== undefined);
  others.forEach(close);
  const told = failures.findIndex(isWorthTelling);
  if (writer === undefined && told >= 0) throw failures[told];
  return writer;
}

async function takesWrites(client: AskableClient): Promise<boolean> {
  try {
    const { rows } = await client.query('SELECT pg_is_in_recovery() AS in_recovery');
    return rows[0]?.['in_recovery'] === false;
  } catch (error) {
    close(client);
    throw error;
  }
}

function close(client: AskableClient): void {
  // Its promise says nothing that we could act on.
  client.end().catch(() => undefined);
}
