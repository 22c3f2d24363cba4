import { z } from 'zod';

import { isAwsRegion } from '../aws-regions';
import { parseCidr, formatCidr, isPrivate } from '../cidr';
import { declare, listIssue, listOf } from '../key';
import { printable } from '../printable';
import { RESERVED_TAGS, tagProblem, tagTextProblem } from '../tag-syntax';

const tagValue = () =>
  z
    .string()
    .regex(/^[\p{L}\p{Nd} _.:/=+@-]{1,256}$/u)
    .superRefine((text, context) => {
      const problem = tagTextProblem(text);
      if (problem) context.addIssue(`which ${problem}`);
    });
const TAG_VALUE = '1 to 256 letters, digits, spaces and _ . : / = + - @';

/** S3 takes ten tags on an object, and seven are the program's. */
const MOST_TAGS = 3;

const regionName = () => z.string().refine(isAwsRegion);

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';

const networkRange = () =>
  z.string().superRefine((text, context) => {
    const range = parseCidr(text);
    if (!range) context.addIssue('which is not an IPv4 range');
    else if (!isPrivate(range)) context.addIssue('which is not private');
    else if (range.prefix < 16 || range.prefix > 20) context.addIssue(`which is a /${range.prefix}`);
    else if (range.address !== range.network) context.addIssue(`whose network address is ${formatCidr(range)}`);
  });

const NETWORK_RANGE = 'a private IPv4 range from /16 to /20 that starts at its network address';

/** Who and where a deployment is: names, tags, regions, network, DNS. */
export const deploymentKeys = {
  environment: declare(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), {
    group: 'Names and tags',
    description: 'Kind of environment; the tag Environment. No default.',
    type: 'string',
    default: '',
    allowed: '1 to 32 lower-case letters, digits and hyphens, a letter first',
    example: 'dev',
  }),
  environmentSuffix: declare(z.string().regex(/^[a-z0-9](-?[a-z0-9])*$/), {
    group: 'Names and tags',
    description: 'Last part of every physical name, so that stacks share an account; unique per stack. No default.',
    type: 'string',
    default: '',
    allowed: 'lower-case letters, digits and single hyphens, neither first nor last a hyphen',
    example: 'dev',
  }),
  repository: declare(tagValue(), {
    group: 'Names and tags',
    description: 'Where the code lives; the tag Repository.',
    type: 'string',
    default: 'trading-platform-dr',
    allowed: TAG_VALUE,
    example: 'trading-platform-dr',
  }),
  author: declare(tagValue(), {
    group: 'Names and tags',
    description: 'Who answers for the stack; the tag Author.',
    type: 'string',
    default: 'platform-engineering',
    allowed: TAG_VALUE,
    example: 'platform-engineering',
  }),
  costCenter: declare(tagValue(), {
    group: 'Names and tags',
    description: 'Who pays; the tag CostCenter.',
    type: 'string',
    default: 'trading',
    allowed: TAG_VALUE,
    example: 'trading',
  }),
  tags: declare(
    listOf(
      z.string().superRefine((text, context) => {
        const problem = tagProblem(text);
        if (problem) context.addIssue(problem);
      }),
    )
      .superRefine((items, context) => {
        const names = items.map((item) => item.slice(0, item.indexOf('=')).toLowerCase());
        const again = names.findIndex((name, index) => names.indexOf(name) < index);
        if (again >= 0)
          context.addIssue(
            listIssue(`item ${again} ("${printable(items[again] ?? '')}") names a tag again`, again, 'remove item'),
          );
        if (items.length > MOST_TAGS)
          context.addIssue(listIssue(`which has ${items.length} items`, MOST_TAGS, 'remove item'));
      })
      .transform((items): Readonly<Record<string, string>> =>
        Object.fromEntries(items.map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)])),
      ),
    {
      group: 'Names and tags',
      description: 'More tags for every resource, each `Key=Value`.',
      type: 'array',
      default: [],
      allowed: `up to ${MOST_TAGS} of Key=Value, key at most 128 and value at most 256 characters, key not starting with aws: and not one of ${RESERVED_TAGS.join(', ')}`,
      example: 'Team=trading',
    },
  ),
  primaryRegion: declare(regionName(), {
    group: 'Regions',
    description: 'Home of the active region in normal times.',
    type: 'string',
    default: 'eu-central-1',
    allowed: 'the name of a commercial AWS region',
    example: 'eu-central-1',
  }),
  drRegion: declare(regionName(), {
    group: 'Regions',
    description: 'The region that takes over. An opt-in region has to be enabled in the account first.',
    type: 'string',
    default: 'eu-central-2',
    allowed: 'the name of a commercial AWS region other than primaryRegion',
    example: 'eu-central-2',
  }),
  witnessRegion: declare(z.union([z.literal('none'), regionName()]), {
    group: 'Regions',
    description: "Third region, for one small table: the witness' register. `none` only with failoverMode alert-only.",
    type: 'string',
    default: 'eu-west-1',
    allowed: 'the name of a third commercial AWS region; none with failoverMode alert-only',
    example: 'eu-west-1',
  }),
  primaryVpcCidr: declare(networkRange(), {
    group: 'Network',
    description: 'Address range of the VPC in primary.',
    type: 'string',
    default: '10.10.0.0/16',
    allowed: NETWORK_RANGE,
    example: '10.10.0.0/16',
  }),
  drVpcCidr: declare(networkRange(), {
    group: 'Network',
    description: 'Address range of the VPC in dr; the VPCs are peered, so the ranges must not overlap.',
    type: 'string',
    default: '10.20.0.0/16',
    allowed: `${NETWORK_RANGE}, apart from primaryVpcCidr`,
    example: '10.20.0.0/16',
  }),
  natStrategy: declare(z.enum(['none', 'single', 'per-az']), {
    group: 'Network',
    description:
      'NAT gateways per region: none, one, or one in each of three zones. Five Elastic IPs is the default quota.',
    type: 'string',
    default: 'single',
    allowed: 'none, single, per-az',
    example: 'single',
  }),
  domain: declare(
    z
      .string()
      .max(253)
      .regex(new RegExp(`^(${label}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)),
    {
      group: 'DNS',
      description:
        'Name of an existing public hosted zone; names are made below `<environmentSuffix>.<domain>`. No default.',
      type: 'string',
      default: '',
      allowed: 'a domain name in lower case with at least two labels, without a dot at the end',
      example: 'trading.example.com',
    },
  ),
  hostedZone: declare(z.enum(['existing', 'delegated']), {
    group: 'DNS',
    description: 'Put the records into the zone of `domain`, or create a zone for this stack and delegate to it.',
    type: 'string',
    default: 'existing',
    allowed: 'existing, delegated',
    example: 'delegated',
  }),
};
