import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on which a test can hold the answers. */
export interface HeldAnswers {
  readonly port: number;
  /** How many connections there have been. */
  opened(): number;
  /**
   * From the next request on that contains the text nothing comes back on its connection.
   *
   * @returns once that request has been passed on.
   */
  holdAfter(text: string): Promise<void>;
  /** Gives back what was held, to whoever still listens. */
  release(): void;
  /** Resolves when no connection of a client is open any more. */
  allClosed(): Promise<void>;
  stop(): Promise<void>;
}

/** Stands between a client and a server of 127.0.0.1 and passes bytes on in both directions. */
export async function holdAnswers(port: number): Promise<HeldAnswers> {
  const clients = new Set<Socket>();
  const releases: (() => void)[] = [];
  let opened = 0;
  let hold: { readonly text: string; readonly reached: () => void } | undefined;
  let whenClosed: (() => void)[] = [];

  // What is on its way back still arrives at a client that has nothing more to say.
  const gate = createServer({ allowHalfOpen: true }, (client) => {
    opened += 1;
    clients.add(client);
    const server = connect(port, '127.0.0.1');
    const kept: (() => void)[] = [];
    let isHeld = false;
    const back = (give: () => void) => (isHeld ? void kept.push(give) : give());
    client.on('data', (bytes) => {
      if (hold !== undefined && bytes.includes(hold.text)) {
        isHeld = true;
        releases.push(() => {
          isHeld = false;
          kept.forEach((give) => give());
        });
        hold.reached();
        hold = undefined;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => back(() => void client.write(bytes)));
    server.on('close', () => back(() => void client.destroy()));
    client.on('end', () => void server.end());
    client.on('close', () => {
      server.end();
      clients.delete(client);
      if (clients.size === 0) whenClosed.splice(0).forEach((tell) => tell());
    });
    // Each end hears of the other's failure by its close.
    client.on('error', () => undefined);
    server.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const address = gate.address();

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    opened: () => opened,
    holdAfter: (text) =>
      new Promise((reached) => {
        hold = { text, reached };
      }),
    release: () => releases.splice(0).forEach((release) => release()),
    allClosed: () =>
      new Promise((resolve) => {
        if (clients.size === 0) resolve();
        else whenClosed = [...whenClosed, resolve];
      }),
    async stop() {
      clients.forEach((client) => client.destroy());
      await new Promise((resolve) => gate.close(resolve));
    },
  };
}
