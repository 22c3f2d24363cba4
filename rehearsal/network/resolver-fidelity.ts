import type { ModelledBehaviour } from '../aws/fidelity';

/** What is modelled of name resolution on the clients' side. */
export const RESOLVER_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A resolver keeps an answer for its TTL.',
    model: 'exact',
    how: 'One cache per client; nothing is served beyond its time.',
    source: 'RFC 1035, 3.2.1',
    test: 'keeps an answer for its TTL and asks again afterwards (RFC 1035)',
  },
  {
    behaviour: 'Some resolvers and clients keep answers longer.',
    model: 'assumed',
    how: 'At least a given time, never less than the TTL.',
    source: 'Known of public resolvers and of runtimes with a cache; which share of clients is the scenario’s choice',
    test: 'may ignore the TTL, and then keeps it longer but never shorter',
  },
  {
    behaviour: 'That a name does not exist is kept as well.',
    model: 'exact',
    how: '900 s, what the SOA record of a Route 53 zone allows.',
    source: 'RFC 2308; Route 53 guide, "NS and SOA records that Amazon Route 53 creates for a public hosted zone"',
    test: 'keeps that there is no such name for 900 s (RFC 2308; Route 53 guide, NS and SOA records)',
  },
  {
    behaviour: 'A region’s resolver remembers that a name of the database did not exist.',
    model: 'assumed',
    how: '5 to 900 s, drawn for each run: the negative TTL of RDS’s zone is published nowhere. Names that exist are asked anew.',
    source: 'RFC 2308; that the name of a follower’s writer does not exist: teleport issue 16079',
    test: 'remembers that a name did not exist, whatever has become of it, and nothing of one that exists (RFC 2308)',
  },
  {
    behaviour: 'The name servers of a zone answer from what they know, uncached.',
    model: 'simplified',
    how: 'All of a zone’s servers say the same at the same moment.',
    source: 'Route 53 guide, "NS and SOA records that Amazon Route 53 creates for a public hosted zone"',
    test: 'are what the orchestrator asks for the opinion of the checkers',
  },
];
