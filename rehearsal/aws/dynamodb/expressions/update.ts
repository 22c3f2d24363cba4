import { NotModelledError } from '../../service';
import { addNumbers, subtractNumbers } from '../decimal';
import { invalid } from '../invalid-request';
import type { AttributeValue, Item } from '../value';
import type { Path, SetAction, SetOperand, Update } from './ast';
import { refValue, stepName, valueAt } from './scope';
import type { Scope } from './scope';

/**
 * Applies an update expression: every right side is read from the item as it was (DynamoDB developer guide, "Using update
 * expressions").
 *
 * @throws InvalidRequestError as DynamoDB refuses it; NotModelledError for list elements and for sets.
 */
export function applyUpdate({ set, remove, add }: Update, before: Item, scope: Scope): Item {
  const item: Record<string, AttributeValue> = { ...before };
  for (const action of set) put(item, namesOf(action.path, scope), assigned(action, before, scope));
  for (const path of remove) drop(item, namesOf(path, scope));
  for (const { path, value } of add) {
    put(item, namesOf(path, scope), added(valueAt(path, before, scope), refValue(value, scope)));
  }
  return item;
}

/**
 * The paths that an update changes, as names of attributes.
 *
 * @throws InvalidRequestError when two overlap; NotModelledError for list elements.
 */
export function updatedPaths({ set, remove, add }: Update, scope: Scope): readonly (readonly string[])[] {
  const paths = [...set.map(({ path }) => path), ...remove, ...add.map(({ path }) => path)];
  const names = paths.map((path) => namesOf(path, scope));
  refuseOverlap(names);
  return names;
}

function namesOf(path: Path, scope: Scope): readonly string[] {
  return path.steps.map((step) => {
    const name = stepName(step, scope);
    if (name === undefined)
      throw new NotModelledError('dynamodb UpdateItem: a list element as a target is not modelled');
    return name;
  });
}

function refuseOverlap(paths: readonly (readonly string[])[]): void {
  paths.forEach((path, index) => {
    for (const other of paths.slice(index + 1)) {
      const shared = Math.min(path.length, other.length);
      if (path.slice(0, shared).some((name, at) => name !== other[at])) continue;
      invalid(
        `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${path.join(', ')}], path two: [${other.join(', ')}]`,
      );
    }
  });
}

function assigned({ left, plus }: SetAction, item: Item, scope: Scope): AttributeValue {
  const first = operand(left, item, scope);
  if (!plus) return first;
  const second = operand(plus.right, item, scope);
  if (!('N' in first) || !('N' in second)) {
    return invalid('An operand in the update expression has an incorrect data type');
  }
  return { N: plus.operator === '+' ? addNumbers(first.N, second.N) : subtractNumbers(first.N, second.N) };
}

function operand(one: SetOperand, item: Item, scope: Scope): AttributeValue {
  switch (one.kind) {
    case 'value':
      return refValue(one, scope);
    case 'path':
      return (
        valueAt(one, item, scope) ??
        invalid('The provided expression refers to an attribute that does not exist in the item')
      );
    case 'if_not_exists':
      return valueAt(one.path, item, scope) ?? operand(one.otherwise, item, scope);
    case 'list_append': {
      const [first, second] = [operand(one.first, item, scope), operand(one.second, item, scope)];
      if (!('L' in first) || !('L' in second)) {
        return invalid('An operand in the update expression has an incorrect data type');
      }
      return { L: [...first.L, ...second.L] };
    }
  }
}

function added(before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if ('SS' in value || 'NS' in value || 'BS' in value) {
    throw new NotModelledError('dynamodb UpdateItem: ADD to a set is not modelled');
  }
  if (!('N' in value)) {
    return invalid(
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: not a number or set',
    );
  }
  if (before === undefined) return value;
  if (!('N' in before)) return invalid('An operand in the update expression has an incorrect data type');
  return { N: addNumbers(before.N, value.N) };
}

const BAD_PATH = 'The document path provided in the update expression is invalid for update';

function put(
  item: Record<string, AttributeValue>,
  [name = '', ...inner]: readonly string[],
  value: AttributeValue,
): void {
  if (inner.length === 0) {
    item[name] = value;
    return;
  }
  const map = mapAt(item, name);
  put(map, inner, value);
  item[name] = { M: map };
}

function drop(item: Record<string, AttributeValue>, [name = '', ...inner]: readonly string[]): void {
  if (inner.length === 0) {
    Reflect.deleteProperty(item, name);
    return;
  }
  const map = mapAt(item, name);
  drop(map, inner);
  item[name] = { M: map };
}

function mapAt(item: Readonly<Record<string, AttributeValue>>, name: string): Record<string, AttributeValue> {
  const value = item[name];
  return value && 'M' in value ? { ...value.M } : invalid(BAD_PATH);
}
