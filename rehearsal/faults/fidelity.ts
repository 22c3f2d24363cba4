import type { ModelledBehaviour } from '../aws/fidelity';
import { Random } from '../kernel/random';
import type { Range } from '../kernel/random';
import { drawNature } from '../world/nature';

const { network } = drawNature(new Random('documentation'));

const shown = ({ least, most }: Range): string => `${least} to ${most} ms`;

/** What is modelled of the network between places, and of services that do not do what they should. */
export const NETWORK_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A message takes its time, another one each time.',
    model: 'assumed',
    how:
      `One way: ${shown(network.withinRegionMs)} inside a region, ${shown(network.betweenRegionsMs)} between two, ` +
      `${shown(network.outsideMs)} to and from the rest of the world, each time as likely as the others. No bandwidth.`,
    source:
      'AWS Fault Isolation Boundaries, "Availability Zones" (single-digit milliseconds inside a region); else by distance in Europe',
    test: 'takes a time of its own, drawn from the range of its way',
  },
  {
    behaviour: 'A new connection costs a round trip for TCP and one for TLS 1.3.',
    model: 'simplified',
    how: 'No resumption of sessions; the handlers’ own resolver answers at once.',
    source: 'RFC 9293, 3.5; RFC 8446, 2',
    test: 'on a new connection waits for two round trips, TCP’s and that of TLS 1.3, and on a kept one for none',
  },
  {
    behaviour: 'What is lost on the way is noticed only by who waits for the answer.',
    model: 'simplified',
    how:
      'A request is one message and its answer another one. TCP does not send again what was lost, as it does on connections to ' +
      'PostgreSQL: a loss of less than a second costs a whole attempt here, which is worse than it is.',
    source: 'Modelled, not documented',
    test: 'that is lost is noticed by nobody but who waits; one that is refused is told at once',
  },
  {
    behaviour: 'On a half-open way requests arrive and answers do not.',
    model: 'exact',
    how: 'Request and answer ask for their way apart.',
    source: 'Follows from one-way loss',
    test: 'to a half-open region is heard on a kept connection and never answered; a new connection never stands',
  },
  {
    behaviour: 'A region that is cut off goes on inside.',
    model: 'exact',
    how: 'No trouble between places touches what stays inside one.',
    source: 'AWS Fault Isolation Boundaries, "Static stability"',
    test: 'inside a region passes whatever is wrong around it',
  },
  {
    behaviour: 'A way can be slow.',
    model: 'exact',
    how: 'Each message by a time that is drawn for it.',
    source: 'A run’s own schedule of faults',
    test: 'on a slow way takes longer by what is drawn for it',
  },
  {
    behaviour:
      'A service in trouble throttles, answers 5xx, does not answer, or does what it was asked and does not answer.',
    model: 'simplified',
    how:
      'ThrottlingException with status 400 and InternalFailure with 503, of every service alike; some have names of their own, ' +
      'which the SDK treats the same.',
    source: 'AWS SDKs and Tools Reference Guide, "Retry behavior"',
    test: 'is throttled, refused, left without an answer, or done without one',
  },
  {
    behaviour: 'A call is authorised before anything is done.',
    model: 'simplified',
    how: 'Always AccessDeniedException with status 400; some services have 403 or another name.',
    source: 'IAM user guide, "How permissions and policies provide access management"',
    test: 'a call that no policy allows is refused before the service does anything',
  },
  {
    behaviour: 'Clients outside reach an endpoint by the address that its name has.',
    model: 'simplified',
    how: 'An endpoint of a dark region takes nothing and refuses nothing.',
    source: 'Modelled, not documented',
    test: 'a request from outside is answered by the front of its address, and by nobody where the region is dark',
  },
];
