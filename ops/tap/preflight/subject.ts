import { z } from 'zod';
import { ACCOUNT_ID } from '../../../analysis/graph/computed';
import type { Graph, Values } from '../../../analysis/graph/graph';
import { activeRegions, graphPolicy } from '../../../analysis/readiness/readiness';
import type { Policy } from '../../../analysis/readiness/readiness';
import { fieldsOf, inRegion, rowsOf, textOf, textsOf } from '../../../analysis/readiness/values';

/** What a deployment will ask of the account, read from the evaluated program: nothing of it is written down twice. */
export interface Subject {
  /** Primary first. */
  readonly regions: readonly [primary: string, dr: string];
  /** As judged from dr; what it counts and compares with is the same from both. */
  readonly policy: Policy;
  /** Name of the database secret, the same in both regions. */
  readonly secretName: string;
  /** The zone that the stack's names are made in. */
  readonly domain: string;
  /** Filters of the program's own look-up of zones. */
  readonly zones: {
    readonly filters: readonly { readonly name: string; readonly values: readonly string[] }[];
    readonly without: readonly string[];
  };
  readonly needs: Readonly<Record<string, RegionNeeds>>;
  /** Buckets by their names in this account, with their regions. */
  readonly buckets: (account: string) => readonly { readonly name: string; readonly region: string }[];
  /** What tells the stack's own resources from everybody else's. */
  readonly own: OwnNames;
}

/** What one region has to offer. */
export interface RegionNeeds {
  readonly engine: { readonly engine: string; readonly version: string } | undefined;
  readonly instanceClasses: readonly string[];
  /** EC2 types of the fleet; none without a fleet. */
  readonly instanceTypes: readonly string[];
  /** Public parameters that hold the id of an AMI. */
  readonly amiParameters: readonly string[];
}

/** Names and tags of the stack itself: of a stack that is deployed already, what it has is not counted a second time. */
export interface OwnNames {
  readonly tags: Readonly<Record<string, string>>;
  readonly roles: ReadonlySet<string>;
  readonly clusters: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
}

/** Tags that every resource of the stack has and no other one has both of (lib/tags.ts). */
const OWN_TAGS = ['EnvironmentSuffix', 'Repository'];

/** As the engine writes a provider's default tags. */
const taggedForm = z.object({ tags: z.record(z.string(), z.string()).default({}) });

const AMI_PARAMETER = 'resolve:ssm:';

/** @throws Error for a program that has not two regions, or looks nothing up: then it is not the one that this verb is about. */
export function subjectOf(graph: Graph, now: number): Subject {
  const [primary, dr] = activeRegions(graph);
  if (primary === undefined || dr === undefined) throw new Error('the program has not two regions');
  const zones = lookUp(graph, 'aws:index/getAvailabilityZones:getAvailabilityZones');
  return {
    regions: [primary, dr],
    policy: graphPolicy(graph, dr, now),
    secretName: textOf(lookUp(graph, 'aws:secretsmanager/getSecret:getSecret')['name']) ?? '',
    domain: textOf(lookUp(graph, 'aws:route53/getZone:getZone')['name']) ?? '',
    zones: {
      filters: rowsOf(zones['filters']).map(({ name, values }) => ({
        name: textOf(name) ?? '',
        values: textsOf(values),
      })),
      without: textsOf(zones['excludeZoneIds']),
    },
    needs: Object.fromEntries([primary, dr].map((region) => [region, needsOf(graph, region)])),
    buckets: (account) =>
      graph.all('aws:s3/bucket:Bucket').flatMap(({ inputs, region }) => {
        const name = textOf(inputs['bucket']);
        return name === undefined || region === undefined
          ? []
          : [{ name: name.replaceAll(ACCOUNT_ID, account), region }];
      }),
    own: {
      tags: ownTags(graph),
      roles: namesOf(graph, 'aws:iam/role:Role', 'name'),
      clusters: namesOf(graph, 'aws:rds/cluster:Cluster', 'clusterIdentifier'),
      domains: namesOf(graph, 'aws:apigateway/domainName:DomainName', 'domainName'),
    },
  };
}

function needsOf(graph: Graph, region: string): RegionNeeds {
  const [cluster] = inRegion(graph, 'aws:rds/cluster:Cluster', region);
  const [engine, version] = [textOf(cluster?.inputs['engine']), textOf(cluster?.inputs['engineVersion'])];
  const templates = inRegion(graph, 'aws:ec2/launchTemplate:LaunchTemplate', region).map(({ inputs }) => inputs);
  return {
    engine: engine === undefined || version === undefined ? undefined : { engine, version },
    instanceClasses: distinct(
      inRegion(graph, 'aws:rds/clusterInstance:ClusterInstance', region).map(({ inputs }) => inputs['instanceClass']),
    ),
    instanceTypes: distinct(templates.map((inputs) => inputs['instanceType'])),
    amiParameters: distinct(templates.map((inputs) => inputs['imageId']))
      .filter((image) => image.startsWith(AMI_PARAMETER))
      .map((image) => image.slice(AMI_PARAMETER.length)),
  };
}

function lookUp(graph: Graph, token: string): Values {
  const found = graph.invokes.find((one) => one.token === token);
  if (!found) throw new Error(`the program does not look up ${token}`);
  return found.args;
}

/** The tags by which the provider of a region marks everything that it makes. */
function ownTags(graph: Graph): Readonly<Record<string, string>> {
  const provider = graph.resources.find(({ kind, inputs }) => kind === 'provider' && 'defaultTags' in inputs);
  const given = provider?.inputs['defaultTags'];
  const { tags } = taggedForm.parse(typeof given === 'string' ? JSON.parse(given) : (given ?? {}));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => OWN_TAGS.includes(key)));
}

function namesOf(graph: Graph, type: string, key: string): ReadonlySet<string> {
  return new Set(distinct(graph.all(type).map(({ inputs }) => fieldsOf(inputs)[key])));
}

function distinct(values: readonly Parameters<typeof textOf>[0][]): readonly string[] {
  return [...new Set(values.flatMap((value) => textOf(value) ?? []))].sort();
}
