import { renderTerminal } from '../../../rehearsal/report/terminal';
import { goodRuns, losing, report, run } from './fixture';

const lines = (text: string): readonly string[] => text.split('\n');
const failing = report({
  results: [
    ...goodRuns(),
    run(900, {}, { violations: ['order 7 was processed twice', 'red \u001b[31m and\nnext line'] }),
    losing(901, { ageAtFault: 70, lag: 80 }),
  ],
});

describe('the report in a terminal, for somebody who was woken up', () => {
  test('the verdict stands first, then what it rests on, then that it is a simulation', () => {
    expect(lines(renderTerminal(report())).slice(0, 6)).toEqual([
      'PASS  tap/dev: 200 runs, primary eu-central-1, dr eu-central-2, witness eu-west-1',
      '  · region lost: RTO p50 199.8 s, p99 248.4 s, max 249.2 s, target 300 s',
      '  · database lost: RTO p50 256 s, p99 296 s, max 296 s, target 360 s',
      '  · 0 false failovers in 30 runs that must stay',
      '  · 0 double writes, 3 of 40,000 acknowledged submissions lost',
      '  Simulated: delays of AWS are injected, not measured at AWS.',
    ]);
  });

  test('a failure says FAIL first, why, and the command that makes each run happen again', () => {
    const text = renderTerminal(failing);
    expect(text.startsWith('FAIL  tap/dev')).toBe(true);
    const [verdict = '', violations = '', run1 = ''] = text.split('\n\n');
    expect(verdict).toContain('  - 1 lost submission that replication lag does not explain');
    expect(violations).toContain('replay: npm run rehearse -- --stack dev --scenario region-dark --seed dev-900');
    expect(violations).toContain('order-901 is lost, 70 s old at the fault, and no lag explains it');
    expect(run1).toMatch(/^ONE RUN/);
  });

  test('the replay command is the caller’s to choose', () => {
    expect(renderTerminal(failing, { replay: ({ seed }) => `again ${seed}` })).toContain('replay: again dev-900');
  });

  test('phases in aligned columns with a bar on one axis', () => {
    const text = renderTerminal(report({ narrated: run(0, {}, { rtoSeconds: 150 }) }));
    const timeline = lines(text).filter((line) => /^ {2}[* ] (detect|promote|dns) /.test(line));
    expect(timeline).toEqual([
      '  * detect                 0.0    30.0    30.0   ███████',
      '  * promote               34.0   144.0   110.0          ██████████████████████████',
      '    dns                   34.0   104.0    70.0          █████████████████',
    ]);
  });

  test('counts, must-not score, lost orders, error budget and honesty are all there', () => {
    const text = renderTerminal(report());
    for (const part of [
      '  0 false failovers in 30 runs\n',
      '  redone              394  lost with the old writer and executed again; one effect stands',
      '  duplicated            0  double writes',
      '  SDK calls     1,237,000  6,185 a run; 0 denied by policy',
      '2.5 runs a second: 200 runs in 80 s on 2 processes',
      'LOST: 3 submissions, 0 unexplained',
      'Percentiles by nearest rank',
      'ERROR BUDGET: 99.99 % is 52.6 minutes a year',
      'derived: AWS post-event summaries',
      'not an AWS\nmeasurement',
      '    - random seed dev-409',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('a list that is cut short says how many it left out, and shows what nothing explains first', () => {
    const many = Array.from({ length: 40 }, (_, index) => losing(index));
    const text = renderTerminal(report({ results: [...many, losing(901, { ageAtFault: 70, lag: 80 })] }));
    const lost = lines(text.slice(text.indexOf('LOST: 41 submissions, 1 unexplained')));
    expect(lost[4]).toMatch(/^ {2}order-901 /);
    expect(lost.find((line) => line.includes('more'))).toBe('    and 29 more, all of them in the JSON document');
  });

  test('no line is wider than 100 columns', () => {
    const long = 'w '.repeat(300);
    const wide = report({
      ...failing,
      narrated: run(0, {}, { timeline: [{ at: 1, phase: 'fault', text: long }], violations: [long] }),
    });
    expect(lines(renderTerminal(wide)).filter((line) => line.length > 100)).toEqual([]);
  });

  test('without colour there is no control character, whatever a run says; with colour only ours', () => {
    // eslint-disable-next-line no-control-regex -- these are looked for
    const control = /[\u0000-\u0009\u000b-\u001f\u007f]/;
    expect(renderTerminal(failing)).not.toMatch(control);
    // eslint-disable-next-line no-control-regex -- these are ours
    expect(renderTerminal(failing, { colour: true }).replaceAll(/\u001b\[\d+m/g, '')).toBe(renderTerminal(failing));
  });
});
