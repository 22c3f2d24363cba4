import { EXIT } from '../../../ops/tap/exit-codes';
import type { RunAnswer } from '../../../ops/tap/orchestrator';
import { theOne } from '../../../ops/tap/run/standing';

const run = (runId: string, region: string): RunAnswer => ({
  kind: 'run',
  runId,
  plan: 'failover',
  region,
  startedBy: 'the alarm',
  startedAt: 0,
  phase: 'observing',
  verdicts: [],
  steps: [],
});

test('two runs that stand are no matter of the command line: AWS was asked, so that it is a refusal that says how to go on', () => {
  const [here, there] = [run('r-1', 'eu-central-1'), run('r-2', 'eu-central-2')];
  expect(theOne({ runs: [here], silent: [] })).toBe(here);
  expect(theOne({ runs: [], silent: [] })).toBeUndefined();
  expect(() => theOne({ runs: [here, there], silent: [] })).toThrow(
    expect.objectContaining({
      exitCode: EXIT.refused,
      message: 'two runs stand: r-1 in eu-central-1 and r-2 in eu-central-2. Say which: --region REGION',
    }),
  );
});
