import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENTBRIDGE_FIDELITY } from '../../../rehearsal/aws/eventbridge/fidelity';

test('every behaviour that is said to be modelled has a test of that title', () => {
  const files = readdirSync(__dirname).filter((file) => file !== path.basename(__filename));
  const tests = files.map((file) => readFileSync(path.join(__dirname, file), 'utf8')).join('\n');
  const missing = EVENTBRIDGE_FIDELITY.filter((one) => !tests.includes(`test('${one.test}', `));
  expect(missing).toEqual([]);
});
