import type { Facts, FleetState, FunctionState, Gathered } from '../../lambda/readiness/facts';
import { text, type Graph, type GraphResource } from '../graph/graph';
import { fact } from './planned';
import type { Subjects } from './subjects';
import { fieldsOf, inRegion, numberOf, textOf, textsOf } from './values';

/** What would carry the load, as the program declares it. */
export function serviceFacts(graph: Graph, { region, otherRegion, list, maybe }: Subjects): Gathered {
  const names = list('FUNCTION_NAMES');
  const group = maybe('FLEET_GROUP');
  return {
    functionsHere: fact(functions(graph, region, names)),
    functionsThere: fact(functions(graph, otherRegion, names)),
    consumers: fact(consumers(graph, region)),
    fleetHere: fact(group === undefined ? 'none' : fleet(graph, region)),
    fleetThere: fact(group === undefined ? 'none' : fleet(graph, otherRegion)),
  };
}

function functions(graph: Graph, region: string, names: readonly string[]): Facts['functionsHere'] {
  const found = new Map(
    inRegion(graph, 'aws:lambda/function:Function', region).map((one) => [
      text(one.inputs, 'name'),
      functionState(one),
    ]),
  );
  return Object.fromEntries(names.map((name) => [name, found.get(name) ?? 'absent']));
}

function functionState({ inputs }: GraphResource): FunctionState {
  const variables = fieldsOf(fieldsOf(inputs['environment'])['variables']);
  return {
    codeHash: textOf(fieldsOf(inputs['code'])['path']) ?? '',
    settings: {
      architecture: textsOf(inputs['architectures']).join(','),
      environment: Object.keys(variables).sort().join(','),
      memory: String(numberOf(inputs['memorySize']) ?? ''),
      runtime: textOf(inputs['runtime']) ?? '',
      timeout: String(numberOf(inputs['timeout']) ?? ''),
    },
  };
}

function consumers(graph: Graph, region: string): Facts['consumers'] {
  return Object.fromEntries(
    inRegion(graph, 'aws:lambda/eventSourceMapping:EventSourceMapping', region).map(({ inputs, outputs }) => [
      text(outputs, 'uuid'),
      { state: inputs['enabled'] === false ? 'Disabled' : 'Enabled' },
    ]),
  );
}

function fleet(graph: Graph, region: string): FleetState | 'absent' {
  const [group] = inRegion(graph, 'aws:autoscaling/group:Group', region);
  if (!group) return 'absent';
  const { minSize, maxSize, desiredCapacity } = group.inputs;
  const templateId = textOf(fieldsOf(group.inputs['launchTemplate'])['id']);
  const template = inRegion(graph, 'aws:ec2/launchTemplate:LaunchTemplate', region).find(({ id }) => id === templateId);
  const instanceType = textOf(template?.inputs['instanceType']);
  const minimum = numberOf(minSize) ?? 0;
  return {
    minimum,
    maximum: numberOf(maxSize) ?? minimum,
    inService: numberOf(desiredCapacity) ?? minimum,
    outdated: 0,
    ...(instanceType !== undefined && { instanceType }),
  };
}
