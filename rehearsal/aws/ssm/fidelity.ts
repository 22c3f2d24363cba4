import type { ModelledBehaviour } from '../fidelity';

const PUT = 'Systems Manager API reference, PutParameter';

export const SSM_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A listing comes in pages that may be shorter than asked for, down to empty.',
    model: 'assumed',
    how: '10 % of pages are; every token is another.',
    source: 'Systems Manager API reference, GetParametersByPath; the share is assumed',
    test: 'gets every parameter once, however short and empty the pages are',
  },
  {
    behaviour: 'A parameter is made with tags or overwritten without, and its version grows.',
    model: 'simplified',
    how: 'Documented errors; labels, policies, patterns and the limit of 100 versions are left out.',
    source: PUT,
    test: 'overwrites with the next version and keeps the tags, but takes none',
  },
  {
    behaviour: 'A parameter’s type does not change.',
    model: 'exact',
    how: 'HierarchyTypeMismatchException.',
    source: PUT,
    test: 'does not change a type: the parameter has to be deleted and made anew',
  },
  {
    behaviour: 'Intelligent tiering takes the advanced tier above 4 KB, and never goes back.',
    model: 'exact',
    how: 'Values above 8 KB are refused.',
    source: 'Systems Manager guide, "Managing parameter tiers"',
    test: 'takes the advanced tier for a value above 4 KB and refuses one above 8 KB',
  },
  {
    behaviour: 'A secure string needs the right to its key besides that to the parameter; tags need one of their own.',
    model: 'exact',
    how: 'kms:Encrypt for a standard value, kms:GenerateDataKey for an advanced one, kms:Decrypt to read; the parameter is the context.',
    source:
      'Systems Manager guide, "AWS KMS encryption for AWS Systems Manager Parameter Store SecureString parameters"',
    test: 'to write are further ones for tags, and on the key by tier',
  },
  {
    behaviour: 'A change is told to EventBridge, by best effort.',
    model: 'assumed',
    how: 'After 0.2 to 5 s; 0.1 % never.',
    source:
      'Systems Manager guide, "Setting up notifications or trigger actions based on Parameter Store events"; the numbers are assumed',
    test: 'is told to EventBridge without the value, in the form that the replicator reads',
  },
];
