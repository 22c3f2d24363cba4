import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { createHttpClient } from '../../../lambda/shared/http-client';

type Answer = (request: IncomingMessage & { text: string }, response: ServerResponse) => void;

let answer: Answer = () => undefined;
let connections = 0;
const sockets = new Set<Socket>();
let server: Server;
/** Takes connections and never says a word. */
let silent: TcpServer;

const portOf = (of: Server | TcpServer): number => {
  const address = of.address();
  return typeof address === 'object' && address ? address.port : 0;
};
const url = (path = '/orders') => `http://127.0.0.1:${portOf(server)}${path}`;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => answer(Object.assign(request, { text }), response));
  }).on('connection', () => (connections += 1));
  silent = createTcpServer((socket) => void sockets.add(socket));
  for (const one of [server, silent]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  connections = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  for (const socket of sockets) socket.destroy();
  silent.close();
});

const client = () => createHttpClient({ connectMs: 60, answerMs: 5_000 });

test('a body goes out as JSON, and the answer comes back whatever its status', async () => {
  answer = ({ method, headers, text, url: path }, response) => {
    response.writeHead(503).end(JSON.stringify({ method, type: headers['content-type'], path, text }));
  };
  const http = client();
  const { status, body } = await http.send({ method: 'POST', url: url(), body: { price: '100 €' } });
  expect(status).toBe(503);
  expect(JSON.parse(body)).toEqual({
    method: 'POST',
    type: 'application/json',
    path: '/orders',
    text: '{"price":"100 €"}',
  });
  http.close();
});

test('a connection serves until it is closed', async () => {
  answer = (_, response) => void response.end('ok');
  const http = client();
  await http.send({ method: 'GET', url: url() });
  await http.send({ method: 'GET', url: url() });
  expect(connections).toBe(1);
  http.close();
  await http.send({ method: 'GET', url: url() });
  expect(connections).toBe(2);
  http.close();
});

test('a connection that has gone half open fails its request in time, and the next request gets a new one', async () => {
  let asked = 0;
  answer = (_, response) => {
    asked += 1;
    if (asked !== 2) response.end('ok');
  };
  const http = client();
  await http.send({ method: 'GET', url: url() });
  const started = Date.now();
  await expect(http.send({ method: 'GET', url: url() }, 50)).rejects.toMatchObject({ name: 'DeadlineError' });
  expect(Date.now() - started).toBeLessThan(2_500);
  expect((await http.send({ method: 'GET', url: url() })).body).toBe('ok');
  expect(connections).toBe(2);
  http.close();
});

test('an answer that trickles is over when its time is', async () => {
  answer = (_, response) => {
    const drip = setInterval(() => response.write('.'), 10);
    response.on('close', () => clearInterval(drip));
  };
  const http = client();
  await expect(http.send({ method: 'GET', url: url() }, 100)).rejects.toThrow('took longer than 0.1 s');
  http.close();
});

test('a host that takes the connection and does no TLS fails as a connection', async () => {
  const http = client();
  await expect(http.send({ method: 'GET', url: `https://127.0.0.1:${portOf(silent)}/` })).rejects.toThrow(
    'within 0.1 s',
  );
  http.close();
});

test('a host where nobody listens fails at once', async () => {
  const http = client();
  await expect(http.send({ method: 'GET', url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  http.close();
});

test('an answer that does not end is not kept in memory', async () => {
  answer = (_, response) => void response.end('x'.repeat(70_000));
  const http = client();
  await expect(http.send({ method: 'GET', url: url() })).rejects.toThrow('too long');
  http.close();
});
