import type { ModelledBehaviour } from '../fidelity';

const RESPONSES = 'API Gateway guide, "Gateway response types"';
const PROXY = 'API Gateway guide, "Lambda proxy integrations in API Gateway"';

export const API_GATEWAY_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A custom domain name leads to a stage in the region whose address was asked.',
    model: 'simplified',
    how: 'The region by the address, the domain by the host name; base paths, the default endpoint and TLS are left out.',
    source: 'API Gateway guide, "Custom domain name for public REST APIs in API Gateway"',
    test: 'goes by address to a region and by host name to an API, whose function answers',
  },
  {
    behaviour: 'An unknown path or method is 403 Missing Authentication Token, an unknown host 403 Forbidden.',
    model: 'exact',
    how: 'Without any function.',
    source: RESPONSES,
    test: 'for an unknown path is forbidden, without any function',
  },
  {
    behaviour: 'The function gets the event of the proxy integration.',
    model: 'exact',
    how: 'Payload format 1.0, with an address of documentation as the caller’s.',
    source: PROXY,
    test: 'has the documented form',
  },
  {
    behaviour: 'A function’s error, or an output of another form, is 502.',
    model: 'simplified',
    how: 'Also where nothing came back of the function; the 500 of a throttled or forbidden invocation is left out.',
    source: PROXY,
    test: 'that is lost is a 502',
  },
  {
    behaviour: 'An integration that takes longer than its time is 504.',
    model: 'exact',
    how: '29 s unless the integration says less; the function runs on.',
    source: RESPONSES,
    test: 'that takes longer than 29 seconds is a 504, and nobody hears of it any more',
  },
  {
    behaviour: 'Beyond rate and burst of a method requests are 429.',
    model: 'simplified',
    how: 'A token bucket for each method of a stage; the account’s own limit is left out.',
    source: 'API Gateway guide, "Throttle requests to your REST APIs for better throughput in API Gateway"',
    test: 'answers 429 beyond burst and rate, for each method by itself',
  },
  {
    behaviour: 'Count, 4XXError, 5XXError and Latency are sent each minute.',
    model: 'simplified',
    how: 'One value for each request, by ApiName and Stage; what comes before a stage is not counted, other dimensions are left out.',
    source: 'API Gateway guide, "Amazon API Gateway dimensions and metrics"',
    test: 'count each request, by its own time, and are sent once a minute',
  },
];
