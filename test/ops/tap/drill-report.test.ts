import type { Machine } from '../../../ops/tap/context';
import { endOfWay, isRefused } from '../../../ops/tap/drill/end';
import { drillReport } from '../../../ops/tap/drill/report';
import { EXIT } from '../../../ops/tap/exit-codes';
import type { RunAnswer } from '../../../ops/tap/orchestrator';
import { createTerminal } from '../../../ops/tap/terminal';

const STACK = { name: 'dev' };

const run = (outcome: RunAnswer['outcome'], region = 'eu-central-2'): RunAnswer => ({
  kind: 'run',
  runId: 'r-1',
  plan: 'switchover',
  region,
  startedBy: 'ann',
  startedAt: 0,
  endedAt: 60_000,
  phase: outcome === undefined ? 'acting' : 'ended',
  ...(outcome && { outcome }),
  verdicts: [],
  steps: [],
});

/** A drill's report on a laptop whose disk does what the test says. */
function opened(save: Machine['save'], { json = false } = {}) {
  let out = '';
  let said = '';
  const machine: Pick<Machine, 'now' | 'save'> = { now: () => Date.UTC(2026, 0, 5, 9), save };
  const terminal = createTerminal(
    {
      out: (text) => void (out += text),
      err: (text) => void (said += text),
      isTerminal: false,
      ask: () => Promise.resolve(undefined),
      env: {},
    },
    json,
  );
  const begun = [{ region: 'eu-central-2', followed: { kind: 'run', run: run('DONE') } as const }];
  const report = drillReport({ machine, terminal }, STACK, { file: 'r.json', who: 'ann', begun });
  return { report, out: () => out, said: () => said };
}

const PASSED = { code: EXIT.done, why: 'there and back', next: undefined };
const FULL = () => Promise.reject(new Error('ENOSPC: no space left on device'));

describe('the report of a drill', () => {
  test('that cannot be written at the end is shown instead, and the drill does not count as passed', async () => {
    const { report, out } = opened(FULL);
    expect(await report.close(PASSED)).toBe(EXIT.failed);
    expect(out()).toContain('the report could not be written to r.json: Error: ENOSPC: no space left on device\n');
    expect(JSON.parse(out().slice(out().indexOf('\n{') + 1))).toMatchObject({ legs: [{ to: 'eu-central-2' }] });
  });

  test('is one document for programs then too', async () => {
    const { report, out, said } = opened(FULL, { json: true });
    await report.close(PASSED);
    expect(JSON.parse(out())).toMatchObject({ passed: true, notWritten: 'Error: ENOSPC: no space left on device' });
    expect(said()).toContain('the report could not be written');
  });

  test('that cannot be written before the drill begins keeps it from beginning; on the way nothing stops it', async () => {
    const { report } = opened(FULL);
    await expect(report.open()).rejects.toMatchObject({ exitCode: EXIT.refused });
    await expect(report.update('on its way back')).resolves.toBeUndefined();
  });

  test('a drill that failed keeps its own exit code, whatever becomes of its report', async () => {
    const { report } = opened(FULL);
    expect(await report.close({ code: EXIT.unreachable, why: 'w', next: 'n' })).toBe(EXIT.unreachable);
  });
});

describe('how a way ended', () => {
  const region = 'eu-central-2';

  test.each([
    ['aborted', run('ABORTED'), EXIT.failed, 'npx tap status says who may write now'],
    ['stuck', run('STUCK'), EXIT.failed, 'mend the step that failed, then npx tap failover --force --to eu-central-2'],
    ['waits for somebody', run(undefined), EXIT.waiting, 'npx tap resume'],
  ])('%s: what to type next', (_, ended, code, next) => {
    expect(endOfWay({ region, followed: { kind: 'run', run: ended } }, code)).toMatchObject({ code, next });
  });

  test('nobody knows: the platform may be on either side, and status tells', () => {
    const end = endOfWay({ region, followed: { kind: 'unknown', why: 'no answer in time' } }, EXIT.unreachable);
    expect(end.why).toBe('it is not known how the run in eu-central-2 ended: no answer in time');
    expect(end.next).toMatch(/^npx tap status; .*npx tap switchover/);
  });

  test('only what was refused may be tried again', () => {
    expect(isRefused({ region, followed: { kind: 'run', run: run('REFUSED') } })).toBe(true);
    expect(isRefused({ region, followed: { kind: 'refused', why: 'a run stands' } })).toBe(true);
    for (const outcome of ['DONE', 'ABORTED', 'STUCK', undefined] as const)
      expect(isRefused({ region, followed: { kind: 'run', run: run(outcome) } })).toBe(false);
    expect(isRefused({ region, followed: { kind: 'unknown', why: 'silence' } })).toBe(false);
  });
});
