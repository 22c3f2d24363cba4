import type { ModelledBehaviour } from '../aws/fidelity';

const HANDLER = '@smithy/node-http-handler 4.14, compared with it in a process of its own';
const RETRIES = 'AWS SDKs and Tools Reference Guide, "Retry behavior"';
const LIFECYCLE = 'Lambda developer guide, "Lambda execution environment lifecycle"';

/** What is modelled of Node and of the AWS SDK around the handlers, whose own sources run unchanged. */
export const RUNTIME_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'An attempt of an SDK client whose answer does not come in time fails with TimeoutError and ETIMEDOUT.',
    model: 'exact',
    how: 'requestTimeout in virtual time. All above the HTTP handler is the real client’s: serialisation, retries, errors.',
    source: HANDLER,
    test: 'an attempt without an answer fails as the real handler fails it: name, code and time',
  },
  {
    behaviour: 'An attempt whose connection does not stand in time fails with TimeoutError and no code.',
    model: 'simplified',
    how: 'connectionTimeout ends with the TLS handshake; the real handler stops its watch one round trip earlier, with TCP’s.',
    source: HANDLER,
    test: 'an attempt without a connection fails as the real handler fails it: name, no code, and time',
  },
  {
    behaviour: 'A refused connection fails with ECONNREFUSED.',
    model: 'exact',
    how: 'After the time that the refusal takes on its way.',
    source: HANDLER,
    test: 'a refused connection is told as the real handler tells it',
  },
  {
    behaviour: 'A call that its caller aborts fails with AbortError, at once.',
    model: 'exact',
    how: 'What was sent stays sent: the service may do it.',
    source: HANDLER,
    test: 'a call that its caller aborts ends at once, and as the real one does',
  },
  {
    behaviour: 'An SDK client tries again what is worth it, as often as it was told.',
    model: 'exact',
    how: 'By the real client, with the attempts that the handlers choose: after time-outs, refused connections, throttling and 5xx.',
    source: `${RETRIES}; ${HANDLER}`,
    test: 'as many attempts are made as the real client makes, and the last error is told',
  },
  {
    behaviour: 'Between attempts it waits for a random time whose upper bound doubles.',
    model: 'exact',
    how: 'By the real client, in virtual time; its chance comes from the run’s seed.',
    source: RETRIES,
    test: 'a call without an answer is sent three times, with growing pauses',
  },
  {
    behaviour: 'A client keeps its connections for the next requests.',
    model: 'simplified',
    how: 'One per host and client: calls at once share it. None is closed for being idle; one that failed is given up.',
    source: 'AWS SDK for JavaScript developer guide, "Reusing connections with keep-alive in Node.js"',
    test: 'a connection is kept for the next request, until an attempt on it fails',
  },
  {
    behaviour: 'Requests are signed with the credentials of the function’s role, and tell which client sends them.',
    model: 'simplified',
    how:
      'Both left out unless asked for, with the choice of a signature (S3 makes it): the simulated IAM knows a caller by its ' +
      'environment, and nothing reads a user agent. The SDK’s invocation id is the one thing in a request that does not come from the run’s seed. Nothing reads it either.',
    source: 'IAM user guide, "AWS Signature Version 4 for API requests"',
    test: 'requests are unsigned and without user agent unless asked for; all else of a request, and its answer, is the same',
  },
  {
    behaviour:
      'A client copies its configuration and asks for its settings in each call; it finds them in files and in the environment.',
    model: 'simplified',
    how:
      'The core of the SDK is compiled with a layer over the configuration in place of three copies, and asks once for what an ' +
      'endpoint is made from; a client is given what it would find in Lambda’s environment. What is sent is the same.',
    source: 'AWS SDK for JavaScript v3; compared with its clients as they are',
    test: 'every client of ours sends what the SDK’s own sends, compiled as it is and signed',
  },
  {
    behaviour: 'A client puts the chain of its middleware together for every call.',
    model: 'simplified',
    how: 'Once for each command, for speed: the SDK’s own option cacheMiddleware. Its logger is silent for the same reason.',
    source: 'AWS SDK for JavaScript v3, option cacheMiddleware of its clients',
    test: 'a client keeps the middleware of a command, and sends with it what each call was given',
  },
  {
    behaviour: 'Code sees the clock of its machine, chance, and the environment variables of its function.',
    model: 'exact',
    how:
      'Date, timers, AbortSignal.timeout, Math.random, randomUUID and process.env are the environment’s own. A region’s clocks ' +
      'can be wrong together. Computing takes no time; setInterval, files and other processes are not there.',
    source: 'Node.js documentation, "Globals"',
    test: 'has the time, the chance and the variables of its environment, and its region’s clock may be wrong',
  },
  {
    behaviour: 'Between two invocations an environment is frozen.',
    model: 'exact',
    how: 'Timers that come due and answers that arrive are heard at the next invocation.',
    source: LIFECYCLE,
    test: 'is frozen between invocations: a timer that came due meanwhile happens at the next one',
  },
  {
    behaviour: 'An environment that was killed never goes on.',
    model: 'exact',
    how: 'Its connections to PostgreSQL are closed by its system; those of a dark region are not.',
    source: LIFECYCLE,
    test: 'never goes on when its environment was killed, and its connections end',
  },
  {
    behaviour: 'A function may die at any moment.',
    model: 'simplified',
    how:
      'Right before a message leaves or right after one came: between two of these nobody outside could tell the difference, ' +
      'because handlers keep nothing outside their memory.',
    source: `${LIFECYCLE}; a run’s own schedule of faults`,
    test: 'dies where a crash is planted: what it would send does not leave, what it would hear it does not see',
  },
  {
    behaviour: 'node:http and node:https tell of the socket, its connection, the answer and its end.',
    model: 'simplified',
    how: 'The events that our clients listen to; a body comes in one piece. TLS certificates are not checked here.',
    source: 'Node.js documentation, "HTTP"; compared with Node’s own client',
    test: 'tells of socket, connection and answer in the order of Node’s own client',
  },
  {
    behaviour: 'A resolver that is told its servers asks them again until its tries are over.',
    model: 'simplified',
    how: 'After timeout × tries, though c-ares waits a little longer with each try.',
    source: 'Node.js documentation, "DNS", Resolver',
    test: 'a name server that does not answer is given up after all tries, with ETIMEOUT',
  },
];
