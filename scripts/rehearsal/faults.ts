import type { Fault } from '../../rehearsal/faults/fault';

/** Every kind of fault in one sentence; a new kind does not compile without one. */
export const FAULT_STORIES: Readonly<Record<Fault['kind'], string>> = {
  'region-lost':
    'A region is `dark` (everything in it stops), `cut-off` (it goes on inside and nothing passes) or `half-open` (it hears ' +
    'everything and no answer comes out).',
  'region-slow': 'Every message to and from a region takes longer, by a time that is drawn for each.',
  partition: 'Nothing passes between two regions, or only in one direction; clients outside reach both.',
  service:
    'A service of a region throttles, answers 5xx, does not answer, or does what it was asked and does not answer: for all ' +
    'calls, some operations, or a share.',
  'control-plane-down': 'The control planes of a region answer with errors; tables, queues and what runs go on.',
  'route53-control-plane-down': 'No record can be changed; name servers and health checks go on.',
  'clock-skew': 'The clocks of a region are wrong, all by the same time.',
  'duplicate-events': 'An asynchronous event comes twice, with a given probability.',
  'duplicate-messages': 'A message of a queue is delivered twice, with a given probability.',
  'late-messages': 'Messages of queues come later than they could.',
  'lost-invocations': 'Asynchronous events for a function are lost, with a given probability.',
  'function-broken': 'Every invocation of a function fails at once.',
  'function-slow': 'Whatever comes back to a function, it takes in later by a given time, as one that is short of CPU.',
  load: 'Clients send so many further orders a second.',
  crash: 'A function dies right before the n-th message that it sends, or right after the n-th that it hears.',
  'stale-reads': 'Eventually consistent reads of DynamoDB in a region see an older state.',
  'dynamodb-lag': 'The global tables are behind by a given time.',
  'dynamodb-frozen': 'The global tables replicate nothing.',
  'aurora-lag': "The log of the database's other region is behind by a given time.",
  'aurora-lag-frozen': "The database's log stands still, and so does what it says of its lag.",
  'promotion-takes': 'The promotion of the other cluster takes a given time.',
  'promotion-fails': 'The first promotion ends in failure, and the old writer stays.',
  'fencing-times-out': 'Aurora cannot stop the old writer and promotes the other cluster without it.',
  'database-gone': 'Nothing of the database of a region answers any more.',
  'writer-fails': 'The writer of a region fails over inside it, which takes a given time.',
  'no-capacity': 'EC2 launches no instance in a region.',
  'zone-lost':
    'One of three zones of a region is lost: a third of the messages for some seconds, some instances, and the writer with it.',
  'canary-broken': 'The canaries of a region fail whatever they find.',
  'alarm-stuck': 'An alarm stays in one state whatever its metric says.',
  'metrics-late': 'CloudWatch shows the metrics of a region later than usual.',
  'api-errors': 'An API answers a share of its requests with 429 or 500 before they reach a function.',
  'operator-switches-over':
    'Not a fault: a person asks for a switchover to a region, and again each minute until it is done.',
  parameter: 'Not a fault: a person makes, changes or deletes a parameter.',
  'person-looks': 'Not a fault: a person looks at health and at what became of an order and a payment.',
  'operator-answers': 'Not a fault: a person accepts the loss of the run that waits, or wants a run aborted.',
  'floor-lowered': "Not a fault: a person lowers the floor of a region's fleet to one instance.",
  'unstorable-items':
    'An order and a payment with U+0000 in a text are in the tables of a region, as an older API took them.',
  'operator-fails-over':
    'A person calls the orchestrator of a region and accepts no loss: one that is unknown, or too great, waits for an answer.',
  'operator-asks': 'A person calls the orchestrator of a region and accepts whatever loss there is.',
  deployment: 'All functions of a region get new versions, with new environments.',
};
