/** Hours, minutes and seconds of a month, as AWS's own calculator has it. */
export const HOURS = 730;
export const MINUTES = HOURS * 60;
export const SECONDS = HOURS * 3_600;

/**
 * What the estimate supposes where the graph says nothing: the load of an average second, sizes, and how AWS behaves. All
 * requests are those of the whole platform, served by the active region, which is primary. Printed with every result.
 */
export const WORKLOAD = {
  ordersPerSecond: 1,
  readsPerSecond: 5,
  handlerSeconds: 0.15,
  taskSeconds: 3,
  tickSeconds: 1,
  canarySeconds: 10,
  databaseGb: 100,
  writeIosPerOrder: 10,
  readIosPerOrder: 5,
  walKbPerOrder: 10,
  tableGb: 10,
  writesPerOrder: 3,
  itemReadsPerRequest: 1,
  objectsGb: 20,
  newObjectsGb: 2,
  objectsPerGb: 10_000,
  natGb: 50,
  flowLogGb: 10,
  loadUnits: 1,
  idleLoadUnits: 0.1,
  logBytes: 1_000,
  databaseLogGb: 5,
  queriesPerSecond: 2,
  checkers: 16,
  keyRequestsPerRequest: 0.05,
  tracedShare: 0.05,
  emailsPerMonth: 100,
  pollsPerMinute: 15,
  instanceMetrics: 7,
  replicationMetrics: 4,
  methodMetrics: 5,
  requestsPerProbe: 2,
} as const satisfies Readonly<Record<string, number>>;

export type Workload = { readonly [K in keyof typeof WORKLOAD]: number };

/** What each assumption means. */
export const WORKLOAD_SAYS: Readonly<Record<keyof Workload, string>> = {
  ordersPerSecond: 'orders and payments a second, an average of day and night',
  readsPerSecond: 'other requests a second to the REST API',
  handlerSeconds: 'seconds that a function takes for a request, an order or a check',
  taskSeconds: 'seconds that a scheduled function without ticks takes',
  tickSeconds: 'seconds that the last tick of an invocation takes',
  canarySeconds: "seconds that a canary's function takes for a run",
  databaseGb: 'GB in each Aurora cluster',
  writeIosPerOrder: 'Aurora write I/Os an order, each replicated once',
  readIosPerOrder: 'Aurora read I/Os an order',
  walKbPerOrder: 'kB an order that the database sends to dr',
  tableGb: 'GB in each global table, in each region',
  writesPerOrder: 'DynamoDB write units an order, in each of both regions',
  itemReadsPerRequest: 'DynamoDB read units a request',
  objectsGb: 'GB in each bucket',
  newObjectsGb: 'GB that each bucket of primary gets a month, all replicated with time control',
  objectsPerGb: 'objects a GB',
  natGb: 'GB a month through the NAT gateways of a region, if it has any',
  flowLogGb: "GB a month of a region's flow log",
  loadUnits: 'LCU of the load balancer in primary',
  idleLoadUnits: 'LCU of the load balancer in dr, for checks alone',
  logBytes: 'bytes that one invocation or tick writes to its log',
  databaseLogGb: "GB a month of a cluster's exported log",
  queriesPerSecond: 'DNS queries a second that are no alias of a resource of AWS',
  checkers: "Route 53's checkers of one endpoint, each once an interval",
  keyRequestsPerRequest:
    'KMS requests for a request, an order or a check: DynamoDB and SQS keep data keys for 5 minutes',
  tracedShare: 'share of requests that is traced; of scheduled functions every invocation is',
  emailsPerMonth: 'e-mails a month to each address',
  pollsPerMinute: "requests a minute of Lambda's five pollers, each of which waits 20 s",
  instanceMetrics: 'metrics of an EC2 instance with detailed monitoring',
  replicationMetrics: 'metrics of a replication rule with time control',
  methodMetrics: 'metrics of an API method with detailed metrics',
  requestsPerProbe: 'API requests of one probe: the order, and the look at what became of it',
};

/** The defaults with changes. @throws RangeError for a value that is no number from 0 on. */
export function workloadOf(changes: Partial<Workload> = {}): Workload {
  const chosen = { ...WORKLOAD, ...changes };
  for (const [key, value] of Object.entries(chosen)) {
    if (!Number.isFinite(value) || value < 0) {
      throw new RangeError(`the workload's ${key} is ${value}; allowed are numbers from 0 on`);
    }
  }
  return chosen;
}
