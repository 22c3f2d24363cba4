import { estimateRun, takesOf } from '../../../lambda/failover-orchestrator/estimate';
import { planOf } from '../../../lambda/failover-orchestrator/plan';
import { reportOf } from '../../../lambda/failover-orchestrator/report';
import type { RunEvent } from '../../../lambda/failover-orchestrator/run';
import { announcement } from '../../../lambda/failover-orchestrator/steps/announce';
import { after, DR, NOW, OPERATOR, PRIMARY, stepped, wellEvidence, won } from './support/run';

const BEGUN: readonly RunEvent[] = [{ type: 'observed', now: NOW, evidence: wellEvidence() }, won()];

describe('what is told of it', () => {
  const done = after([...BEGUN, ...planOf('switchover').map(({ name }) => stepped(name, 'done', NOW + 62_000))], {
    kind: 'switchover',
    trigger: OPERATOR,
  }).state;

  test('people learn that nothing was lost, how long nobody could write, and the way back', () => {
    const { subject, text } = announcement(done, 2, { region: DR, otherRegion: PRIMARY, environmentSuffix: 'dev' });
    expect(subject).toBe('[dev] eu-central-2 is active: switchover done');
    expect(text).toContain('Nothing was lost; nobody could write for about 61 s.');
    expect(text).toContain('eu-central-1 follows and waits.');
    expect(text).not.toContain('fault');
  });

  test('the report has the kind, the plan of that kind and the pause', () => {
    const report = reportOf(done, [], { number: 1, previousHash: '' }, NOW);
    expect(report).toMatchObject({ kind: 'switchover', lossMs: 0, writePauseMs: 61_000 });
    expect(report.steps.map(({ name }) => name)).toEqual(planOf('switchover').map(({ name }) => name));
    expect(report).not.toHaveProperty('recoveredAfterMs');
  });
});

describe('the estimate', () => {
  test.each(['failover', 'switchover'] as const)('of a %s knows every step of its plan', (kind) => {
    expect(planOf(kind).filter(({ name }) => takesOf(name, kind).most === 0)).toEqual([]);
    const { runSeconds, pauseSeconds } = estimateRun(kind);
    expect(runSeconds.usual).toBeLessThan(runSeconds.most);
    expect(pauseSeconds.usual).toBeLessThan(runSeconds.usual);
  });

  test('is the longest way through the plan: what need not wait costs nothing', () => {
    // Guards and claim 3, promotion 120, opening 2.
    expect(estimateRun('failover').pauseSeconds.usual).toBe(125);
  });
});
