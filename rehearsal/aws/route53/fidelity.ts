import type { ModelledBehaviour } from '../fidelity';

const HEALTH = 'Route 53 guide, "How Amazon Route 53 determines whether a health check is healthy"';
const CONFIG = 'Route 53 API reference, HealthCheckConfig';
const RECORD_SET = 'Route 53 API reference, ResourceRecordSet';

/** What is modelled of Route 53. */
export const ROUTE53_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A checker waits 4 s for a connection and 2 s more for the answer.',
    model: 'simplified',
    how: 'Both limits as documented for what comes; of silence a checker cannot tell which it was, and gives up after 4 s.',
    source: HEALTH,
    test: 'counts when the connection took at most 4 s and the answer at most 2 s more',
  },
  {
    behaviour: 'An answer is good with a status of 200 to 399.',
    model: 'simplified',
    how: 'The status and the body arrive together; the 2 s more that AWS gives a body after its status are left out.',
    source: HEALTH,
    test: 'counts with a status of 200 to 399 only, also when the text is there',
  },
  {
    behaviour: 'A check by text searches the first 5,120 bytes of the body.',
    model: 'exact',
    how: 'Bytes of UTF-8, upper and lower case different; certificates and TLS versions are not looked at.',
    source: HEALTH,
    test: 'counts with the text entirely in the first 5,120 bytes, upper and lower case being different',
  },
  {
    behaviour: 'A checker changes its opinion after as many contrary answers in a row as the failure threshold says.',
    model: 'exact',
    how: 'Each checker counts for each check by itself.',
    source: CONFIG,
    test: 'changes after as many contrary answers in a row as the failure threshold says, both ways',
  },
  {
    behaviour: 'An endpoint is healthy when more than 18 % of the checkers say so.',
    model: 'simplified',
    how: 'The rule as documented, over 3 checkers in place of about 16: one good one of 3 is enough, 3 of 16 are in AWS.',
    source: HEALTH,
    test: 'is healthy when more than 18 % of the checkers say so',
  },
  {
    behaviour: 'Checkers ask at the interval, counted from the end of a request, and do not coordinate.',
    model: 'simplified',
    how: 'The few checkers stand in regions and at phases that are drawn, one in each part of the interval.',
    source: `${HEALTH}; ${CONFIG}, RequestInterval`,
    test: 'turn unhealthy when every checker has failed threshold times, and ask a silent endpoint every interval plus 4 s',
  },
  {
    behaviour: 'Every check sends requests of its own.',
    model: 'simplified',
    how: 'Checks of one name, port and path share the requests of a checker when their turns lie within 1 s.',
    source: 'This model only, for speed',
    test: 'so that an endpoint is asked no more often than by its fastest check: 0.3 times a second with 3 checkers',
  },
  {
    behaviour: 'A new check is healthy until there is enough data.',
    model: 'exact',
    how: 'Inverted checks begin unhealthy; disabled ones are not modelled.',
    source: HEALTH,
    test: 'are healthy until there is enough data, inverted ones unhealthy',
  },
  {
    behaviour: 'A calculated check is healthy while at least as many children are as its threshold says.',
    model: 'simplified',
    how: 'By the children’s final status, inverted where they are; at once, where AWS gives no time.',
    source: `${HEALTH}; ${CONFIG}, HealthThreshold`,
    test: 'are healthy while as many children as the threshold says are',
  },
  {
    behaviour:
      'A check that follows an alarm is healthy while the alarm’s data says OK, unhealthy while it says ALARM.',
    model: 'simplified',
    how: 'What the alarm says stands for what its data says; looked at every 5 s. The delay of 1 to 25 s is assumed.',
    source: HEALTH,
    test: 'are healthy while the data says OK and unhealthy while it says ALARM, a little later',
  },
  {
    behaviour: 'With too little data such a check says Healthy, Unhealthy or its last known status, as it is set.',
    model: 'exact',
    how: 'Healthy without a last known status.',
    source: `${CONFIG}, InsufficientDataHealthStatus`,
    test: 'with too little data are %s after %s',
  },
  {
    behaviour:
      'Route 53 monitors the data stream of an alarm and not its state: a stream that stops is too little data.',
    model: 'assumed',
    how: 'A region that is not heard is too little data after the alarm’s evaluation periods and 1 to 3 more.',
    source: `${HEALTH}: "Route 53 monitors the data stream for the corresponding alarm"; it says nothing of lost regions`,
    test: 'follow the data and not the alarm: a region that is no longer heard is too little data, when its periods are over',
  },
  {
    behaviour: 'Alarms of high resolution, M out of N, extended statistics or several metrics cannot be followed.',
    model: 'exact',
    how: 'A graph that asks for it does not start.',
    source: 'Route 53 API reference, AlarmIdentifier',
    test: 'cannot follow an alarm %s (Route 53 API reference, AlarmIdentifier)',
  },
  {
    behaviour: 'Failover records: primary while it is healthy, else secondary while that is, else primary.',
    model: 'exact',
    how: 'Also for TXT; other routing policies are not modelled.',
    source: `${RECORD_SET}, Failover`,
    test: 'with a primary that is %s and a secondary that is %s answer %s',
  },
  {
    behaviour: 'A record without a health check is always healthy.',
    model: 'exact',
    how: 'As documented.',
    source: 'Route 53 guide, "How Amazon Route 53 chooses records when health checking is configured"',
    test: 'take a record without a check for healthy',
  },
  {
    behaviour: 'The name servers follow a changed status a little later.',
    model: 'assumed',
    how: '1 to 10 s, drawn per change, all servers at once.',
    source: 'AWS gives no figure',
    test: 'follow a changed status after the delay of the data plane, and tell of it once',
  },
  {
    behaviour: 'An alias record answers with the addresses of its target and that target’s TTL.',
    model: 'simplified',
    how: 'The target’s name stands for its addresses; 60 s. For API Gateway the TTL is that of a load balancer, assumed.',
    source: `${RECORD_SET}, TTL ("60 seconds (the TTL for load balancers)")`,
    test: 'answer with the name that stands for the addresses of their target, and its TTL of 60 s',
  },
  {
    behaviour:
      'With evaluateTargetHealth a load balancer needs a healthy target, and a check of the record must pass too.',
    model: 'simplified',
    how: 'Looked at when the name is asked for, without a delay.',
    source: 'Route 53 API reference, AliasTarget, EvaluateTargetHealth',
    test: 'ask a load balancer for healthy targets when they evaluate its health, in addition to a check',
  },
  {
    behaviour: 'With evaluateTargetHealth an API Gateway name is always healthy.',
    model: 'exact',
    how: 'It "provides no operational benefit".',
    source: 'Route 53 API reference, AliasTarget, EvaluateTargetHealth',
    test: 'gain nothing from evaluating the health of API Gateway',
  },
  {
    behaviour: 'A changed record is at all name servers within 60 s.',
    model: 'simplified',
    how: '2 to 60 s, drawn, at all servers at once; later changes never overtake. UPSERT of simple TXT records only.',
    source:
      'Route 53 API reference, ChangeResourceRecordSets ("generally ... within 60 seconds"; the least is assumed)',
    test: 'is pending at once and reaches the name servers within a minute',
  },
  {
    behaviour: 'A change batch is done as a whole or not at all; unknown zones and unquoted texts are refused.',
    model: 'simplified',
    how: 'NoSuchHostedZone and InvalidChangeBatch; PriorRequestNotComplete and throttling are not made here.',
    source: 'Route 53 API reference, ChangeResourceRecordSets',
    test: 'does all changes of a batch or none',
  },
  {
    behaviour: 'Changing records needs the hosted zone, with names, types and actions as condition keys.',
    model: 'exact',
    how: 'Names in lower case, without the last dot, with octal escapes.',
    source: 'Route 53 guide, "Using IAM policy conditions for fine-grained access control"',
    test: 'is the hosted zone with normalised names, types and actions of all changes',
  },
  {
    behaviour: 'A checker whose region is lost no longer counts.',
    model: 'assumed',
    how: 'The share is taken over the checkers that are left; without any the last status stays.',
    source: 'AWS says nothing about it',
    test: 'silent checkers ask nobody and no longer count',
  },
];
