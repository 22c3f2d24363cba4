import { switchoversIn } from '../../../rehearsal/report/switchovers';
import { summarise } from '../../../rehearsal/report/summary';
import { renderHtml } from '../../../rehearsal/report/html';
import { renderTerminal } from '../../../rehearsal/report/terminal';
import type { RunResult, SwitchoverResult } from '../../../rehearsal/judge/result';
import { report, run } from './fixture';

const switched = (change: Partial<SwitchoverResult> = {}): SwitchoverResult => ({
  region: 'eu-central-1',
  epoch: 3,
  askedAt: 900,
  pauseSeconds: 60,
  throughSeconds: 200,
  lost: 0,
  redone: 0,
  ...change,
});

const failBack = (index: number, ...switchovers: readonly SwitchoverResult[]): RunResult =>
  run(index, { scenario: 'fail-back', runClass: 'C', expectation: 'comes-home' }, { switchovers });

describe('switchovers of many runs (X6)', () => {
  test('are told by scenario and by the region that became active: the way there says nothing of the way back', () => {
    const there = switched({ region: 'eu-central-2', epoch: 2 });
    const rows = switchoversIn([failBack(1, there, switched()), failBack(2, switched())]);
    expect(rows.map(({ scenario, region, runs }) => [scenario, region, runs])).toEqual([
      ['fail-back', 'eu-central-2', 1],
      ['fail-back', 'eu-central-1', 2],
    ]);
  });

  test('have the distribution of both times, and of what was measured only', () => {
    const [row] = switchoversIn([
      failBack(1, switched({ pauseSeconds: 40, throughSeconds: 150 })),
      failBack(2, switched({ pauseSeconds: 90, throughSeconds: 300 })),
      failBack(3, { region: 'eu-central-1', epoch: 3, askedAt: 900, lost: 0, redone: 0 }),
    ]);
    expect(row).toMatchObject({ runs: 3, pause: { count: 2, p50: 40, max: 90 }, through: { count: 2, max: 300 } });
  });

  test('sum up what is lost, which has to be nothing', () => {
    const [row] = switchoversIn([failBack(1, switched({ lost: 2 })), failBack(2, switched({ redone: 1 }))]);
    expect(row).toMatchObject({ lost: 2, redone: 1 });
  });

  test('are in the terminal and on the page where there are some, and nowhere else', () => {
    const with1 = { ...report(), results: [failBack(1, switched({ pauseSeconds: 61.5 }))] };
    expect(summarise(with1).switchovers).toHaveLength(1);
    expect(renderTerminal(with1)).toMatch(/SWITCHOVERS AND FAIL-BACKS[^]*fail-back +eu-central-1 +1 +0 +61\.5/);
    expect(renderHtml(with1)).toContain('Switchovers and fail-backs');
    const without = { ...report(), results: [run(1)] };
    expect(renderTerminal(without)).not.toContain('SWITCHOVERS');
    expect(renderHtml(without)).not.toContain('Switchovers and fail-backs');
  });
});
