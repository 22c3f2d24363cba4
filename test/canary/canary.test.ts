import { createServer } from 'node:net';
import { CanaryError, checkAll, readUrls } from '../../canary/check';
import { get } from '../../canary/get';
import type { Answer } from '../../canary/check';
import type * as canary from '../../canary/index';

const mockLogged: string[] = [];
// Only the canaries' runtime has it; loaded after it is there.
jest.doMock('@aws/synthetics-logger', () => ({ info: (line: string) => void mockLogged.push(line) }), {
  virtual: true,
});
const { handler } = jest.requireActual<typeof canary>('../../canary/index');

const HEALTHY: Answer = { status: 200, body: '{"status":"VALID_TRADING_DATA"}' };
const API = 'https://api-eu-central-1.dev.trading.example.com/health';
const APP = 'https://app-eu-central-1.dev.trading.example.com/health/live';

/** Endpoints that answer as said; one that is not there does not answer. */
const world = (answers: Readonly<Record<string, Answer>>) => {
  const asked: string[] = [];
  const get = async (url: string): Promise<Answer> => {
    asked.push(url);
    const answer = answers[url];
    if (!answer) throw new Error('no answer within 10 s');
    return answer;
  };
  return { asked, get, info: () => undefined };
};

test('passes when every endpoint answers 200 and /health shows valid trading data', async () => {
  const ports = world({ [API]: HEALTHY, [APP]: { status: 200, body: '{"region":"eu-central-1"}' } });
  await expect(checkAll([API, APP], ports)).resolves.toBeUndefined();
  expect(ports.asked).toEqual([API, APP]);
});

test.each<[string, string, Answer | undefined, string]>([
  ['an error, whatever its body says', API, { ...HEALTHY, status: 503 }, 'answered 503'],
  ['a redirect: clients of an API do not follow it', API, { ...HEALTHY, status: 301 }, 'answered 301'],
  ['a 200 without the marker, as of a parked domain', API, { status: 200, body: 'OK' }, 'shows no valid trading data'],
  ['a live endpoint that is not 200', APP, { status: 502, body: '' }, 'answered 502'],
  ['silence', APP, undefined, 'did not answer: no answer within 10 s'],
])('fails for %s', async (_, url, answer, problem) => {
  const failed = checkAll([url], world(answer ? { [url]: answer } : {}));
  await expect(failed).rejects.toThrow(new CanaryError(`${url} ${problem}`));
});

test('names every endpoint that is not well and asks each once: a retry would hide what clients see', async () => {
  const ports = world({ [API]: { status: 500, body: '' } });
  await expect(checkAll([API, APP], ports)).rejects.toThrow(
    `${API} answered 500; ${APP} did not answer: no answer within 10 s`,
  );
  expect(ports.asked).toEqual([API, APP]);
});

test.each([undefined, '', 'null', '[]', '{"url":"https://a.example"}', '["http://a.example/health"]', '["nowhere"]'])(
  'without work (%s) it fails instead of passing',
  (text) => {
    expect(() => readUrls(text)).toThrow(CanaryError);
  },
);

test('an endpoint that accepts and then says nothing is given up, so that a run ends within its limit', async () => {
  const silent = createServer();
  const port = await new Promise<number>((resolve) => {
    silent.listen(0, '127.0.0.1', () => {
      const address = silent.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await expect(get(`https://127.0.0.1:${port}/health`, 50)).rejects.toThrow('no answer within 0.05 s');
  silent.close();
});

test('the handler takes its endpoints from the environment and fails the run with what is wrong', async () => {
  // Nothing listens on port 1 of this machine.
  process.env['CANARY_URLS'] = JSON.stringify(['https://127.0.0.1:1/health']);
  await expect(handler()).rejects.toThrow(/^https:\/\/127\.0\.0\.1:1\/health did not answer: .*ECONNREFUSED/);
  expect(mockLogged).toEqual([expect.stringMatching(/^https:\/\/127\.0\.0\.1:1\/health did not answer/)]);
});
