/** A difference between the simulation and emulators that is known, and why the simulation stays as it is. */
export interface KnownDifference {
  readonly emulators: readonly ('ministack' | 'moto')[];
  /** How the difference begins: the call, and the field of its answer. */
  readonly where: string;
  readonly reason: string;
}

// Compared with moto 5.2.1 and ministack 1.5.33.
export const KNOWN: readonly KnownDifference[] = [
  {
    emulators: ['moto'],
    where: 'SendMessage of nothing.',
    reason: 'A body has at least one character (SQS API reference, SendMessage); moto takes an empty one.',
  },
  {
    emulators: ['moto'],
    where: 'SendMessage with a character that XML has not.',
    reason: 'InvalidMessageContents (SQS API reference, SendMessage); moto takes all characters.',
  },
  {
    emulators: ['ministack'],
    where: 'Publish with a subject of 101 characters.',
    reason: 'A subject is at most 100 characters long (SNS API reference, Publish); ministack takes any.',
  },
  {
    emulators: ['ministack', 'moto'],
    where: 'Publish of nothing.',
    reason: 'InvalidParameter (SNS API reference, Publish); both publish an empty message.',
  },
  {
    emulators: ['ministack', 'moto'],
    where: 'PutParameter of a new one, with tags.Tier:',
    reason: 'The tier that was chosen, which is never Intelligent-Tiering (SSM API reference, PutParameter).',
  },
  {
    emulators: ['moto'],
    where: 'PutParameter over one that is there.Tier:',
    reason: 'The tier that was chosen, which is never Intelligent-Tiering (SSM API reference, PutParameter).',
  },
  {
    emulators: ['ministack'],
    where: 'ListTagsForResource of a parameter that is not there.',
    reason: 'InvalidResourceId (SSM API reference, ListTagsForResource); ministack answers that it has no tags.',
  },
  {
    emulators: ['moto'],
    where: 'GetSecretValue of one that is not there.status:',
    reason: 'ResourceNotFoundException has the status 400 (Secrets Manager API reference, GetSecretValue).',
  },
  {
    emulators: ['moto'],
    where: 'DescribeSecret of one that is not there.status:',
    reason: 'ResourceNotFoundException has the status 400 (Secrets Manager API reference, DescribeSecret).',
  },
  {
    emulators: ['ministack', 'moto'],
    where: 'DescribeSecret.PrimaryRegion:',
    reason: 'The region of a secret that is replicated (Secrets Manager API reference); the emulators leave it out.',
  },
  {
    emulators: ['ministack'],
    where: 'DescribeSecret.ReplicationStatus:',
    reason: 'ministack replicates no secrets.',
  },
  {
    emulators: ['ministack'],
    where: 'PutMetricData with a value that is none.',
    reason: 'NaN is not supported (CloudWatch API reference, MetricDatum); ministack takes it.',
  },
  {
    emulators: ['moto'],
    where: 'DescribeAlarms of both types.CompositeAlarms:',
    reason: 'moto has no PutCompositeAlarm.',
  },
  {
    emulators: ['ministack', 'moto'],
    where: 'DescribeAlarms of both types.MetricAlarms.0.StateTransitionedTimestamp:',
    reason: 'When the state changed (CloudWatch API reference, MetricAlarm); the emulators leave it out.',
  },
  {
    emulators: ['ministack', 'moto'],
    where: 'DescribeAlarms without types.MetricAlarms.0.StateTransitionedTimestamp:',
    reason: 'When the state changed (CloudWatch API reference, MetricAlarm); the emulators leave it out.',
  },
  {
    emulators: ['ministack', 'moto'],
    where: 'UpdateAutoScalingGroup beyond its maximum.',
    reason: 'ValidationError (Auto Scaling guide, "Set scaling limits"); the emulators take any size.',
  },
  {
    emulators: ['ministack', 'moto'],
    where: 'DescribeGlobalClusters.GlobalClusters.0.DatabaseName:',
    reason: 'Whose name it is, when the writer was added later, is documented nowhere; no handler reads it.',
  },
  {
    emulators: ['moto'],
    where: 'DescribeGlobalClusters.GlobalClusters.0.GlobalClusterMembers.0.GlobalWriteForwardingStatus:',
    reason: 'The API reference has it for secondary clusters; no handler reads it.',
  },
  {
    emulators: ['moto'],
    where: 'DescribeGlobalClusters.GlobalClusters.0.GlobalClusterMembers.0.SynchronizationStatus:',
    reason: 'connected (RDS API reference, GlobalClusterMember); moto leaves it out.',
  },
  {
    emulators: ['moto'],
    where: 'DescribeGlobalClusters.GlobalClusters.0.GlobalClusterMembers.1.SynchronizationStatus:',
    reason: 'connected (RDS API reference, GlobalClusterMember); moto leaves it out.',
  },
  {
    emulators: ['moto'],
    where: 'DescribeGlobalClusters of one that is not there.',
    reason: 'GlobalClusterNotFoundFault (RDS API reference, DescribeGlobalClusters); moto answers an empty list.',
  },
  {
    emulators: ['ministack'],
    where: 'DescribeGlobalClusters.GlobalClusters.0.Endpoint:',
    reason: 'The global writer endpoint (RDS API reference, GlobalCluster); ministack leaves it out.',
  },
];
