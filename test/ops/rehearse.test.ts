import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../ops/rehearse';

const folder = mkdtempSync(path.join(tmpdir(), 'plans-'));
afterAll(() => rmSync(folder, { recursive: true }));

function planFile(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const PLAN = {
  stack: 'us',
  scenario: 'region-dark',
  seed: '1',
  runClass: 'A',
  expectation: 'fails-over',
  chain: 'region',
  faults: [],
  seconds: 60,
};

let said = '';
beforeEach(() => {
  said = '';
  jest.spyOn(console, 'error').mockImplementation((line: string) => void (said += `${line}\n`));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

// Exit code 1 says that the platform is wrong: a pipeline that mistypes an option must not read that.
test.each([
  [['--stack', 'nope'], /^--stack is nope; allowed are dev, local, pr, us\n/],
  [['--plan', '/nope.json'], /^--plan is \/nope.json; allowed is a file with a plan as JSON: .*ENOENT/],
  [['--plan', planFile('broken.json', '{')], /^--plan is .*broken.json; allowed is a file with a plan as JSON: .*JSON/],
  [['--plan', planFile('other.json', '{"stack": 1}')], /^--plan is .*other.json; allowed.*: ✖.*string/],
  [
    ['--plan', planFile('us.json', JSON.stringify(PLAN))],
    /^--stack is dev; allowed with the plan in .*us.json is us, whose plan it is\n/,
  ],
  [['--scenario', 'nope'], /^--scenario is nope: there is no scenario nope; there are .*region-dark/],
  [['--pack', 'nope'], /^--pack is nope; allowed are /],
  [['--runs', '0'], /^--runs is 0; allowed are whole numbers from 1 on\n/],
  [['--workers', 'two'], /^--workers is two; allowed are whole numbers from 1 on\n/],
  [['--fast'], /--fast/],
  [['dev'], /dev/],
])('%j is a wrong option: exit code 2, with the option, its value and what is allowed', async (argv, told) => {
  await main(argv);
  expect(process.exitCode).toBe(2);
  expect(said).toMatch(told);
  expect(said).toContain('usage: npm run rehearse');
});
