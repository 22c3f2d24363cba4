import type { ModelledBehaviour } from '../fidelity';

export const SECRETS_MANAGER_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A secret and its replicas have one name and are read in their own regions.',
    model: 'simplified',
    how: 'The secrets that functions are given; only the current version, as text.',
    source: 'Secrets Manager API reference, GetSecretValue',
    test: 'is read by its ARN or by its name, in its own region',
  },
  {
    behaviour: 'To read a secret under a customer key needs kms:Decrypt through Secrets Manager.',
    model: 'assumed',
    how: 'Nothing in a stack says what key the existing secret has: a customer’s, the stricter case.',
    source: 'Secrets Manager API reference, GetSecretValue; the key is assumed',
    test: 'needs the right to read it and to its key; to describe it needs no key',
  },
  {
    behaviour: 'A rotation reaches the replicas a little later.',
    model: 'assumed',
    how: 'After 0.5 to 10 s; ReplicationStatus is InProgress until then.',
    source: 'Secrets Manager guide, "Replicate AWS Secrets Manager secrets across Regions"; the time is assumed',
    test: 'is rotated at home first, in its replicas a little later',
  },
  {
    behaviour: 'A secret that waits for its deletion is described with DeletedDate and cannot be read.',
    model: 'exact',
    how: 'InvalidRequestException.',
    source: 'Secrets Manager API reference, DescribeSecret and GetSecretValue',
    test: 'tells at home of its replicas, and everywhere of its deletion',
  },
];
