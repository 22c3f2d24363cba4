import { answered, notModelled, refused } from '../service';
import { accountOf, onlyKnown, regionOf, requiredText } from '../sqs/input';
import { ssmNeeds } from './needs';
import { SSM_NATURE } from './nature';
import { parameterOf, wireOf } from './parameter';
import { isBelow } from './path';
import { putParameter } from './put';
import type { Graph } from '../../../analysis/graph/graph';
import type { Clock } from '../../kernel/clock';
import type { Random } from '../../kernel/random';
import type { Answer, Call, Need, Reply, Service } from '../service';
import type { SsmNature } from './nature';
import type { Parameter } from './parameter';

/** "Parameter Store Change" as Parameter Store puts it on the event bus (EventBridge reference, "Systems Manager events"). */
export interface ParameterEvent {
  readonly source: 'aws.ssm';
  readonly 'detail-type': 'Parameter Store Change';
  readonly resources: readonly string[];
  /** When the parameter changed, milliseconds since 1970. */
  readonly at: number;
  readonly detail: Readonly<Record<string, string>>;
}

/** What Parameter Store needs of the world. */
export interface SsmWorld {
  readonly clock: Clock;
  readonly random: Random;
  /** The region's default event bus. */
  emit(region: string, event: ParameterEvent): void;
}

const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  GetParameter: new Set(['Name', 'WithDecryption']),
  GetParametersByPath: new Set(['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken']),
  PutParameter: new Set(['Name', 'Value', 'Type', 'Tier', 'KeyId', 'Tags', 'Overwrite']),
  DeleteParameter: new Set(['Name']),
  ListTagsForResource: new Set(['ResourceType', 'ResourceId']),
};

/** Systems Manager API reference, GetParametersByPath: "MaxResults", at most and by default. */
const PAGE = 10;

/** Parameter Store in all regions of a stack. */
export class Ssm implements Service {
  readonly name = 'ssm';
  private readonly account: string;
  private readonly random: Random;
  private readonly regions = new Map<string, Map<string, Parameter>>();
  private readonly silent = new Set<string>();
  private lostEvents: number;
  /** Makes tokens differ, also of two pages that end at the same parameter. */
  private pages = 0;

  constructor(
    graph: Graph,
    private readonly world: SsmWorld,
    private readonly nature: SsmNature = SSM_NATURE,
  ) {
    this.account = accountOf(graph);
    this.random = world.random.stream('ssm');
    this.lostEvents = nature.lostEvents;
    for (const resource of graph.all('aws:ssm/parameter:Parameter')) {
      const parameter = parameterOf(resource, world.clock.now());
      this.of(regionOf(resource)).set(parameter.name, parameter);
    }
  }

  needs(call: Call): readonly Need[] {
    return ssmNeeds(call, this.account, this.of(call.region));
  }

  handle(call: Call, reply: Reply): void {
    const fields = FIELDS[call.operation];
    if (fields === undefined) notModelled(call);
    onlyKnown(call, fields);
    reply(this.answer(call));
  }

  /** The value, for the judge; undefined where there is none. */
  value(region: string, name: string): string | undefined {
    return this.of(region).get(name)?.value;
  }

  /** A person makes a parameter like another one. @throws RangeError when there is none like it. */
  create(region: string, name: string, like: string, value: string): void {
    const other = this.of(region).get(like);
    if (other === undefined) throw new RangeError(`there is no parameter ${like} in ${region}`);
    this.store(region, { ...other, name, value, version: 1, modifiedAt: this.world.clock.now() }, 'Create');
  }

  /** A person deletes a parameter. */
  erase(region: string, name: string): void {
    const parameter = this.of(region).get(name);
    if (parameter === undefined) throw new RangeError(`there is no parameter ${name} in ${region}`);
    this.of(region).delete(name);
    this.tell(region, parameter, 'Delete');
  }

  /** A person changes a parameter: the same as PutParameter with Overwrite, and its event. */
  change(region: string, name: string, value: string): void {
    const before = this.of(region).get(name);
    if (before === undefined) throw new RangeError(`there is no parameter ${name} in ${region}`);
    this.store(region, { ...before, value, version: before.version + 1, modifiedAt: this.world.clock.now() }, 'Update');
  }

  /** Fault: this share of events never comes. */
  loseEvents(probability: number): void {
    this.lostEvents = probability;
  }

  /** The region is lost: no events. */
  silence(region: string): void {
    this.silent.add(region);
  }

  restore(region: string): void {
    this.silent.delete(region);
  }

  private answer(call: Call): Answer {
    switch (call.operation) {
      case 'GetParameter':
        return this.get(call);
      case 'GetParametersByPath':
        return this.list(call);
      case 'PutParameter':
        return this.put(call);
      case 'DeleteParameter':
        return this.remove(call);
      default:
        return this.tags(call);
    }
  }

  private get(call: Call): Answer {
    const parameter = this.of(call.region).get(requiredText(call, 'Name'));
    if (parameter === undefined) return NOT_FOUND;
    return answered({ Parameter: wireOf(decrypted(call, parameter)) });
  }

  /** The token names the last parameter of the page before, so that a parameter that comes or goes moves no other. */
  private list(call: Call): Answer {
    const { Recursive: recursive, MaxResults: most = PAGE, NextToken: token = '' } = call.input;
    if (recursive !== true) notModelled(call, 'a listing of one level');
    if (typeof most !== 'number' || typeof token !== 'string')
      notModelled(call, 'MaxResults or NextToken of this form');
    if (most < 1 || most > PAGE) {
      return refused('ValidationException', `MaxResults must be between 1 and ${PAGE}.`);
    }
    const path = requiredText(call, 'Path');
    const after = token.slice(token.indexOf(' ') + 1);
    const rest = [...this.of(call.region).values()]
      .filter(({ name }) => isBelow(path, name) && name > after)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const short = this.nature.shortPages > 0 && this.random.chance(this.nature.shortPages);
    const page = rest.slice(0, short ? this.random.whole({ least: 0, most }) : most);
    const Parameters = page.map((parameter) => wireOf(decrypted(call, parameter)));
    if (page.length === rest.length) return answered({ Parameters });
    this.pages += 1;
    return answered({ Parameters, NextToken: `${this.pages} ${page.at(-1)?.name ?? after}` });
  }

  private put(call: Call): Answer {
    const before = this.of(call.region).get(requiredText(call, 'Name'));
    const after = putParameter(call, { account: this.account, now: this.world.clock.now(), before });
    if ('code' in after) return { ok: false, error: after };
    this.store(call.region, after, before === undefined ? 'Create' : 'Update');
    return answered({ Version: after.version, Tier: after.tier });
  }

  private remove(call: Call): Answer {
    const parameters = this.of(call.region);
    const parameter = parameters.get(requiredText(call, 'Name'));
    if (parameter === undefined) return NOT_FOUND;
    parameters.delete(parameter.name);
    this.tell(call.region, parameter, 'Delete');
    return answered();
  }

  private tags(call: Call): Answer {
    if (requiredText(call, 'ResourceType') !== 'Parameter') notModelled(call, 'a resource that is no parameter');
    const parameter = this.of(call.region).get(requiredText(call, 'ResourceId'));
    if (parameter === undefined) return refused('InvalidResourceId', 'The resource ID is not valid.');
    return answered({ TagList: [...parameter.tags].map(([Key, Value]) => ({ Key, Value })) });
  }

  private store(region: string, parameter: Parameter, operation: 'Create' | 'Update'): void {
    this.of(region).set(parameter.name, parameter);
    this.tell(region, parameter, operation);
  }

  private tell(region: string, parameter: Parameter, operation: 'Create' | 'Delete' | 'Update'): void {
    const { clock } = this.world;
    if (this.lostEvents > 0 && this.random.chance(this.lostEvents)) return;
    const { name, type, description, arn } = parameter;
    const event: ParameterEvent = {
      source: 'aws.ssm',
      'detail-type': 'Parameter Store Change',
      resources: [arn],
      at: clock.now(),
      detail: { operation, name, type, ...(description !== undefined && { description }) },
    };
    clock.after(this.random.between(this.nature.eventAfterMs), () => {
      if (!this.silent.has(region)) this.world.emit(region, event);
    });
  }

  private of(region: string): Map<string, Parameter> {
    let parameters = this.regions.get(region);
    if (parameters === undefined) {
      parameters = new Map();
      this.regions.set(region, parameters);
    }
    return parameters;
  }
}

const NOT_FOUND = refused('ParameterNotFound', 'The parameter could not be found.');

/** A secure string's ciphertext is of no use to anybody here. */
function decrypted(call: Call, parameter: Parameter): Parameter {
  if (parameter.type === 'SecureString' && call.input['WithDecryption'] !== true) notModelled(call, 'a ciphertext');
  return parameter;
}
