import type { ModelledBehaviour } from '../fidelity';

const API = 'RDS API reference';
const CHANGE = 'Aurora guide, "Using switchover or failover in Amazon Aurora Global Database"';

/** What is modelled of RDS and of Aurora Global Database. */
export const RDS_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A global database is described with its members, who writes, and what is in progress.',
    model: 'simplified',
    how:
      'One truth, seen the same from both regions’ endpoints and at once; what an old region’s endpoint shows in ' +
      'an outage is not documented.',
    source: `${API}, DescribeGlobalClusters, FailoverState, GlobalClusterMember`,
    test: 'describes the global database of the program, and does not find another one',
  },
  {
    behaviour: 'A cluster is found by identifier or ARN in its own region.',
    model: 'simplified',
    how:
      'The properties that the program sets; filters, pages and all other inputs end the run. Status while a ' +
      'role changes is assumed.',
    source: `${API}, DescribeDBClusters`,
    test: 'describes a cluster by identifier or ARN, in its own region only',
  },
  {
    behaviour: 'The cluster endpoint of a cluster that follows leads nowhere.',
    model: 'simplified',
    how: 'The name does not resolve (ENOTFOUND), and the API leaves it out.',
    source:
      'Aurora guide, "Connecting to Amazon Aurora Global Database"; teleport issue 16079, terraform-provider-aws issue 14219',
    test: 'lead to the writer, to readers, and for a cluster that follows nowhere',
  },
  {
    behaviour: 'An instance has a name of its own, which leads to it whatever its role.',
    model: 'exact',
    how: 'INSTANCE.KEY.REGION, with the key of its cluster’s reader endpoint.',
    source: 'Aurora guide, "Amazon Aurora endpoint connections"',
    test: 'of an instance leads to it before and after it becomes the writer',
  },
  {
    behaviour: 'The global writer endpoint follows the writer.',
    model: 'assumed',
    how: '5 to 60 s after the new writer is available.',
    source: 'Aurora guide, "Connecting to Amazon Aurora Global Database"',
    test: 'after a failover the new cluster endpoint leads to the writer at once, and the global one when DNS has followed',
  },
  {
    behaviour: 'A failover needs rights to the global cluster and to its members.',
    model: 'assumed',
    how: 'The global cluster’s ARN and both clusters’ ARNs.',
    source: 'Service authorization reference, Amazon RDS: global-cluster and cluster are required',
    test: 'a failover needs the right to the global cluster and to both members',
  },
  {
    behaviour: 'A failover that cannot be done is refused.',
    model: 'simplified',
    how:
      'The documented errors; which one for which state, and the messages, are assumed. A call to another region ' +
      'than the guide names ends the run.',
    source: `${API}, FailoverGlobalCluster`,
    test: 'refuses what it cannot do',
  },
  {
    behaviour: 'A failover is pending, then failing over, then the members’ roles have changed.',
    model: 'assumed',
    how:
      '60 to 180 s in all ("within a few minutes"), the last 0 to 5 s with a writer that is named and not ' +
      'available yet.',
    source: `${CHANGE}; ${API}, FailoverState`,
    test: 'is pending, then failing over; the new writer is named and then available',
  },
  {
    behaviour: 'What was not replicated when the failover began is lost.',
    model: 'simplified',
    how:
      'Replication ends when the failover is no longer pending, or when the regions lost each other; everything ' +
      'committed until then minus the lag is kept.',
    source: CHANGE,
    test: 'leaves in the new writer what had come, and loses the rest with the old one',
  },
  {
    behaviour: 'An old writer that was not fenced goes on.',
    model: 'simplified',
    how: 'Until 10 to 60 s after its region can be reached again.',
    source: CHANGE,
    test: 'an old writer that cannot be reached goes on committing, also beside the new one',
  },
  {
    behaviour: 'Aurora tries to stop writes to the old writer’s storage.',
    model: 'assumed',
    how:
      'In nine of ten cases within 2 to 20 s, if it can be reached; then its instance is down until it is a ' +
      'follower.',
    source: `${CHANGE}; RDS-EVENT-0390 and RDS-EVENT-0391`,
    test: 'an old writer that can be reached is fenced, unless fencing times out',
  },
  {
    behaviour: 'The old cluster comes back as a follower, and its content is replaced.',
    model: 'assumed',
    how:
      '2 to 10 minutes, the lower end of "a few minutes to several hours". Snapshots of the old volume are not ' +
      'modelled.',
    source: CHANGE,
    test: 'brings the old writer back as a follower, some time after its region, with the new writer’s content',
  },
  {
    behaviour: 'A failover can fail.',
    model: 'assumed',
    how: 'The writer stays what it was, FailoverState disappears, fencing ends.',
    source: 'RDS-EVENT-0239',
    test: 'that fails leaves the old writer where it was, with replication going on',
  },
  {
    behaviour: 'A switchover loses nothing; nobody can write meanwhile.',
    model: 'simplified',
    how: '30 to 120 s, assumed; both regions must be healthy.',
    source:
      'Aurora guide, "Performing switchovers for Amazon Aurora global databases"; RDS API reference, SwitchoverGlobalCluster',
    test: 'loses nothing; nobody can write while it goes on',
  },
  {
    behaviour: 'A commit is in the other region after a lag that is typically below a second.',
    model: 'simplified',
    how: '50 to 950 ms, another one each second; readers of the writer’s own region see a commit at once.',
    source: 'Aurora guide, "Using Amazon Aurora Global Database"',
    test: 'a commit is seen in the other region after the lag, not before',
  },
  {
    behaviour: 'The RPO lag tells how much would be lost.',
    model: 'assumed',
    how:
      'Calculated each second: everything committed before the calculation minus the lag has arrived. AWS defines it by the most recent ' +
      'commit; with little traffic a real figure may be older or smaller.',
    source: 'Aurora guide, "aurora_global_db_status"',
    test: 'what Aurora says it would lose is what it would lose: all before its calculation minus the lag has arrived',
  },
  {
    behaviour: 'Without the writer the lag is not calculated any more.',
    model: 'assumed',
    how: 'Lag and time of calculation stand still, also while the writer’s instance fails over.',
    source: 'Not documented',
    test: 'once nothing comes any more, the lag stands still at a good value and its time grows old',
  },
  {
    behaviour: 'When the writer instance fails, a reader of its region takes over.',
    model: 'simplified',
    how: '20 to 60 s with a reader, 3 to 10 minutes without one; all sessions of both break.',
    source: 'Aurora guide, "High availability for Amazon Aurora"',
    test: 'another instance takes over when the writer fails, with everything that was committed',
  },
  {
    behaviour: 'RDS publishes each instance’s uptime and the follower’s lag.',
    model: 'simplified',
    how: 'EngineUptime and AuroraGlobalDBRPOLag each minute, by cluster; no other metrics.',
    source: 'Aurora guide, "Amazon CloudWatch metrics for Amazon Aurora"',
    test: 'the uptime of each instance each minute, and the lag where somebody follows',
  },
  {
    behaviour: 'RDS tells of changes of role.',
    model: 'simplified',
    how:
      'The identifiers that the program listens to, except 0182 to 0184, 0187 and 0423; the messages are ' +
      'assumed. None is lost here.',
    source: 'Aurora guide, "Amazon RDS event categories and event messages for Aurora"',
    test: 'a failover is told of with the identifiers that the program listens to',
  },
];
