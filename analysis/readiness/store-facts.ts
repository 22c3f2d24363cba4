import type { AlarmLook, BucketCopy, Facts, Gathered, TableState } from '../../lambda/readiness/facts';
import { text, type Graph, type GraphResource } from '../graph/graph';
import { fact, PLANNED } from './planned';
import type { Subjects } from './subjects';
import { fieldsOf, inRegion, rowsOf, textOf, textsOf } from './values';

/** What notices and tells, as the program declares it. */
export function controlFacts(graph: Graph, subjects: Subjects): Gathered {
  const { region, env } = subjects;
  return {
    alarms: fact(alarms(graph, subjects)),
    orchestratorCallers: fact(callersOf(graph, subjects)),
    schedules: fact(
      Object.fromEntries(
        inRegion(graph, 'aws:cloudwatch/eventRule:EventRule', region).map(({ inputs }) => [
          text(inputs, 'name'),
          inputs['state'] !== 'DISABLED' && inputs['isEnabled'] !== false,
        ]),
      ),
    ),
    subscriptions: fact(
      inRegion(graph, 'aws:sns/topicSubscription:TopicSubscription', region)
        .filter(({ inputs }) => inputs['topic'] === env('TOPIC_ARN'))
        // Nobody can confirm what is only planned, and no check that runs on the graph asks for it.
        .map(({ inputs }) => ({ protocol: text(inputs, 'protocol'), confirmed: true })),
    ),
  };
}

function alarms(graph: Graph, { region, env, maybe }: Subjects): Facts['alarms'] {
  const found = new Map(
    [
      ...inRegion(graph, 'aws:cloudwatch/metricAlarm:MetricAlarm', region),
      ...inRegion(graph, 'aws:cloudwatch/compositeAlarm:CompositeAlarm', region),
    ].map((one) => [text(one.inputs, one.type.endsWith('CompositeAlarm') ? 'alarmName' : 'name'), lookOf(one)]),
  );
  const look = (name: string): AlarmLook | 'absent' => found.get(name) ?? 'absent';
  const [probe, traffic] = [maybe('PROBE_ALARM'), maybe('TRAFFIC_ALARM')];
  return {
    trigger: look(env('TRIGGER_ALARM')),
    maintenance: look(env('MAINTENANCE_ALARM')),
    canary: look(env('CANARY_ALARM')),
    parameters: look(env('PARAMETERS_ALARM')),
    ...(probe !== undefined && { probe: look(probe) }),
    ...(traffic !== undefined && { traffic: look(traffic) }),
  };
}

function lookOf({ inputs }: GraphResource): AlarmLook {
  return {
    state: PLANNED,
    actionsEnabled: inputs['actionsEnabled'] !== false,
    actions: textsOf(inputs['alarmActions']),
  };
}

function callersOf(graph: Graph, { region, maybe }: Subjects): readonly string[] {
  const orchestrator = maybe('ORCHESTRATOR_ARN');
  return inRegion(graph, 'aws:lambda/permission:Permission', region)
    .filter(
      ({ inputs }) =>
        inputs['function'] === orchestrator && inputs['principal'] === 'lambda.alarms.cloudwatch.amazonaws.com',
    )
    .flatMap(({ inputs }) => textOf(inputs['sourceArn']) ?? []);
}

/** What both regions keep, and the names that lead to it, as the program declares them. */
export function storeFacts(graph: Graph, subjects: Subjects): Gathered {
  const { region, otherRegion, list, env } = subjects;
  const kept = [...list('TABLE_NAMES'), env('JOURNAL_TABLE')];
  return {
    tables: fact(Object.fromEntries(list('TABLE_NAMES').map((name) => [name, tableState(graph, name, region)]))),
    backups: fact(Object.fromEntries(kept.map((name) => [name, isRecoverable(graph, name, region)]))),
    buckets: fact(buckets(graph, list('BUCKET_NAMES'))),
    differentParameters: fact(differentParameters(graph, region, otherRegion)),
    domains: fact(domains(graph, region)),
    certificate: fact(
      inRegion(graph, 'aws:acm/certificate:Certificate', region).length > 0 ? { status: PLANNED } : 'absent',
    ),
  };
}

interface Replica {
  readonly region: string;
  readonly recoverable: boolean;
}

/** Every region that a table is in. */
function replicasOf(graph: Graph, name: string, region: string): readonly Replica[] {
  const replicas = graph
    .all('aws:dynamodb/table:Table')
    .filter(({ inputs }) => inputs['name'] === name)
    .map((table) => [
      {
        region: table.region ?? '',
        recoverable: fieldsOf(table.inputs['pointInTimeRecovery'])['enabled'] === true,
      },
      ...rowsOf(table.inputs['replicas']).map((replica) => ({
        region: text(replica, 'regionName'),
        recoverable: replica['pointInTimeRecovery'] === true,
      })),
    ]);
  // A regional table has a namesake in the other region, which is no replica of it.
  return replicas.find((places) => places.some((place) => place.region === region)) ?? [];
}

function tableState(graph: Graph, name: string, region: string): TableState | 'absent' {
  const places = replicasOf(graph, name, region);
  if (places.length === 0) return 'absent';
  const others = places.filter((place) => place.region !== region);
  return {
    status: PLANNED,
    keyUnusable: false,
    replicas: Object.fromEntries(others.map((place) => [place.region, 'ACTIVE'])),
  };
}

function isRecoverable(graph: Graph, name: string, region: string): boolean {
  return replicasOf(graph, name, region).some((place) => place.region === region && place.recoverable);
}

function buckets(graph: Graph, names: readonly string[]): Facts['buckets'] {
  const rules = replicationRules(graph);
  const known = new Set(graph.all('aws:s3/bucket:Bucket').map(({ outputs }) => text(outputs, 'bucket')));
  return Object.fromEntries(
    names.map((name): [string, BucketCopy | 'absent'] => {
      if (!known.has(name)) return [name, 'absent'];
      const enabled = (rules.get(name) ?? []).filter(({ status }) => status === 'Enabled');
      const timed = enabled.some(
        ({ destination }) => fieldsOf(fieldsOf(destination)['replicationTime'])['status'] === 'Enabled',
      );
      return [name, { enabledRules: enabled.length, timed }];
    }),
  );
}

/** The rows of every bucket's replication, by bucket. */
function replicationRules(graph: Graph): ReadonlyMap<string, ReturnType<typeof rowsOf>> {
  return new Map(
    graph
      .all('aws:s3/bucketReplicationConfig:BucketReplicationConfig')
      .map(({ inputs }) => [text(inputs, 'bucket'), rowsOf(inputs['rules'])]),
  );
}

function differentParameters(graph: Graph, region: string, otherRegion: string): readonly string[] {
  const valuesIn = (place: string) =>
    new Map(
      inRegion(graph, 'aws:ssm/parameter:Parameter', place).map(({ inputs }) => [
        text(inputs, 'name'),
        textOf(inputs['value']),
      ]),
    );
  const [own, other] = [valuesIn(region), valuesIn(otherRegion)];
  const names = new Set([...own.keys(), ...other.keys()]);
  return [...names].filter((name) => own.get(name) !== other.get(name)).sort();
}

function domains(graph: Graph, region: string): Facts['domains'] {
  const mapped = new Set(
    inRegion(graph, 'aws:apigateway/basePathMapping:BasePathMapping', region).map(({ inputs }) => inputs['domainName']),
  );
  return Object.fromEntries(
    inRegion(graph, 'aws:apigateway/domainName:DomainName', region).map(({ inputs }) => {
      const name = text(inputs, 'domainName');
      return [name, mapped.has(name)];
    }),
  );
}
