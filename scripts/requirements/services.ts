import { proof, row, type Row } from './row';

const STACK = 'lib/tap-stack';
const QUEUE = 'lib/services/order-queue';
const FLEET = 'lib/services/application-fleet';
const HANDLERS = 'lambda/handlers';
const SERVICES = 'lib/services/service-function';
const WORKLOADS = 'lib/services/workloads';
const API = 'lib/services/rest-api';
const DNS = 'lib/routing/failover-dns';

/** C: compute and API. */
export const COMPUTE: readonly Row[] = [
  row(
    'C1',
    'identical Lambda packages in both regions; order processing from SQS with a dead-letter queue',
    proof(STACK, 'both regions run the same bundles, function by function (C1)'),
    proof(QUEUE, 'a batch fails message by message, and a bounded number of processors work on it'),
    proof('integration/orders', 'stands in PostgreSQL once, however often it is sent'),
  ),
  row(
    'C2',
    'payment validation Lambda in both regions',
    proof(WORKLOADS, 'every part of a workload is created by its own region’s provider'),
    proof('integration/payments', 'is validated once, with a receipt in both regions'),
  ),
  row(
    'C3',
    'API Gateway REST APIs, regional, both regions, Lambda proxy, custom domain names, health and orders endpoints',
    proof(API, 'each region has its own API, made by its own provider'),
    proof(
      API,
      'the failover name exists in both regions, the regional name in its own, each with that region’s certificate and TLS 1.2',
    ),
  ),
  row(
    'C4',
    'ALB in both regions, TLS',
    proof(FLEET, "speaks TLS 1.2 and 1.3 with the region's certificate, and redirects what comes without (D8)"),
    proof(FLEET, 'is encrypted up to the instance, and an instance leaves within 30 s'),
  ),
  row(
    'C5',
    'Auto Scaling groups with launch templates; DR at minimal size; scaling policies that scale DR up fast during failover',
    proof(FLEET, 'has the floor of its home role, three zones, and is replaced only when the load balancer says so'),
    proof(FLEET, 'scales by itself towards half the processors'),
    proof(FLEET, 'both regions boot the same bytes: their scripts differ in the region alone'),
    proof('integration/failover', 'the fleet of dr has the floor that primary had'),
  ),
  row(
    'C6',
    'X-Ray tracing on Lambda and canaries; structured logs; retention on every log group',
    proof(
      SERVICES,
      'the log group is the one Lambda would make, encrypted and with an end, and the function writes JSON to it',
    ),
    proof(
      SERVICES,
      'a function outside the VPC has its own statements, its log, traces and its environment, and no more',
    ),
    proof(
      'lib/detection/canaries',
      'runs a current runtime every minute, ends before the next run, and is traced (N15, C6)',
    ),
    proof(
      'lib/detection/canaries',
      'logs to a group of ours, encrypted, with an end, and gone before the canary is (C6, D8, N8)',
    ),
  ),
  row(
    'C7',
    'error handling and logging in every Lambda',
    proof(HANDLERS, 'does not start with a wrong environment, and names what is missing'),
    proof(HANDLERS, 'orders-api without AWS answers 500, leaks nothing, and logs the cause with the request id'),
    proof(
      HANDLERS,
      'order-processor without AWS fails closed: it completes the order, returns the poison, and counts by EMF',
    ),
  ),
];

/** M: detection and monitoring. */
export const MONITORING: readonly Row[] = [
  row(
    'M1',
    'Route 53 hosted zone, health checks every 30 s on the primary endpoints, both regions checked',
    proof(
      DNS,
      'the %s check of %s asks its regional name, because the failover name may already mean the other region',
    ),
    proof(
      'lib/routing/zone-and-certificates',
      'an existing zone is looked up as public, through dr, and nothing is created for it',
    ),
  ),
  row(
    'M2',
    'health checks prove that the application returns valid trading data',
    proof(
      DNS,
      'the %s check of %s asks its regional name, because the failover name may already mean the other region',
    ),
    proof(
      'fleet/application',
      'the marker that Route 53 looks for is in the first 5,120 bytes when sessions and site can be read',
    ),
  ),
  row(
    'M3',
    'health checks monitor the database endpoints',
    proof(DNS, 'the database of %s is seen through an alarm of its own region'),
    proof(
      'lib/detection/database-health',
      'it is an alarm that a Route 53 check can follow, and silence means that the database is down',
    ),
  ),
  row(
    'M4',
    'failover routing PRIMARY/SECONDARY for API and application names',
    proof(DNS, 'the failover record of %s sends clients to %s as %s, by the check alone'),
  ),
  row(
    'M5',
    'metric alarms: Aurora writer availability, Lambda error rate, API 5xx, replication lag > 1 s and > 30 s, failed health checks, regional outage',
    proof('lib/detection/region-alarms', 'there is one for every signal that somebody has to know of'),
    proof('lib/detection/region-alarms', 'says on purpose what no data means, in words that fit into its description'),
    proof('lib/detection/peer-alarms', 'the alarms of %s are its rows, no more and no less, in its own region'),
    proof('docs/alarms', 'the table of alarms is what the alarms are'),
  ),
  row(
    'M6',
    'composite alarms; cross-region composite that triggers the failover',
    proof(
      'lib/detection/peer-alarms',
      'in dr the probe and one other witness call the orchestrator and tell people (M6, F1)',
    ),
    proof(
      'analysis/alarms',
      'a dead region is seen by probe and heartbeat within 60 s, however the clocks stand to each other',
    ),
  ),
  row(
    'M7',
    'Lambda that monitors replication lag every 30 s',
    proof(
      'lambda/database-functions',
      'publishes two samples in a minute, each with its own time and the age of the calculation',
    ),
  ),
  row(
    'M8',
    'Synthetics canaries in both regions on the critical endpoints',
    proof('lib/detection/canaries', 'each region has two canaries of its own, which run the same archive (M8)'),
  ),
  row(
    'M9',
    'dashboards in both regions: replication lag, failover readiness, health-check status',
    proof(
      'lib/detection/dashboard',
      'each region has its own, and both show the same: dr’s must answer when primary does not (M9)',
    ),
    proof(
      'lib/detection/dashboard',
      'shows lag, readiness, health checks, the active region, the last run and traffic',
    ),
  ),
  row(
    'M10',
    'SNS topics in both regions with cross-region subscriptions',
    proof(
      'lib/detection/notifications',
      'each region has a topic of its own, encrypted with its own key: alarms cannot publish across regions',
    ),
    proof(
      'lib/detection/alert-queues',
      'the queue of %s keeps for 14 days, under its region’s key, what both topics said (M10)',
    ),
  ),
];
