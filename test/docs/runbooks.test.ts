import * as rds from '@aws-sdk/client-rds';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { evaluateStack } from '../../analysis/graph/evaluate-stack';
import { type Graph, text } from '../../analysis/graph/graph';
import { ROOT } from '../../lib/bundles';
import { createClients } from '../../ops/tap/clients';
import type { Machine } from '../../ops/tap/context';
import { createProgram } from '../../ops/tap/program';
import { runTap } from '../../ops/tap/run-tap';
import { TERMS } from '../../ops/tap/terms';
import { placeOf } from '../rehearsal/runbooks/stories';
import { blocksOf, isPlayed, isTap, noteOf, PAGES, pageText, TESTED_ELSEWHERE } from './support/runbook-pages';

const blocks = PAGES.flatMap((page) => blocksOf(page));
const where = ({ page, line }: { readonly page: string; readonly line: number }): string => `${page}:${line}`;

/** Words in capitals that a person fills in, and what a test puts there. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { SECONDS: '45' };

/** Where a command line gets to: `taken` once it wants the outputs of a stack, which is after its words were checked. */
async function parse(command: string): Promise<string> {
  const taken = Promise.reject(new Error('asked for the outputs'));
  taken.catch(() => undefined);
  const asked = jest.fn(() => taken);
  let said = '';
  const machine: Machine = {
    screen: {
      out: (line) => void (said += line),
      err: (line) => void (said += line),
      isTerminal: true,
      ask: () => Promise.resolve(undefined),
      env: {},
    },
    outputs: { file: asked, pulumi: asked, write: asked },
    save: () => taken,
    user: 'ann@laptop',
    // A day on which the times that pages show have just been.
    now: () => Date.UTC(2026, 0, 5, 9),
    sleep: () => taken,
    newId: () => 'id',
  };
  if (!isPlayed(command)) return parseOnly(command, machine);
  const code = await runTap(wordsOf(command), machine);
  return asked.mock.calls.length > 0 || code === 0 ? 'taken' : said.trim();
}

/** Of a verb that goes by no outputs: its options alone, since it would go on and ask AWS. */
async function parseOnly(command: string, machine: Machine): Promise<string> {
  const clients = createClients();
  const program = createProgram(machine, clients, () => undefined);
  const [verb = ''] = wordsOf(command);
  const action = jest.fn();
  program.commands.find((one) => one.name() === verb)?.action(action);
  await program.parseAsync([...wordsOf(command)], { from: 'user' }).finally(() => clients.close());
  return action.mock.calls.length === 1 ? 'taken' : `${verb} was not reached`;
}

function wordsOf(command: string): readonly string[] {
  return [...command.replace(/^npx tap ?/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare = '']) => quoted ?? PLACEHOLDERS[bare] ?? bare,
  );
}

/** Every command of tap that a page names, in a block or in a sentence. `VERB` stands for any verb. */
const commands = [
  ...new Set(
    [...PAGES, 'README.md'].flatMap((page) => {
      const blocks = blocksOf(page).flatMap((block) => block.commands);
      const sentences = [...pageText(page).matchAll(/`(npx tap[^`]*)`/g)].map(([, command = '']) =>
        command.replaceAll(/\s+/g, ' '),
      );
      return [...blocks, ...sentences]
        .flatMap((line) => line.split(' && '))
        .map((line) => line.replace(/ +#.*$/, ''))
        .filter((line) => isTap(line) && line.includes(' ', 'npx tap'.length))
        .map((line) => line.replace('VERB', 'status'));
    }),
  ),
].sort();

/** Half of a command, as a sentence says it: `npx tap reconcile --since`. */
const CUT_SHORT = new Set(['npx tap reconcile --since', 'npx tap failover --force --to', 'npx tap freeze']);

describe('every command of the runbooks is one that there is (N14)', () => {
  test.each(commands.filter((command) => !CUT_SHORT.has(command)))(
    '%s is taken by the command’s own parser',
    async (command) => {
      expect(await parse(command)).toBe('taken');
    },
  );

  test('the parser refuses what is wrong, so that the tests above can fail', async () => {
    expect(await parse('npx tap fial-over')).toContain("unknown command 'fial-over'");
    expect(await parse('npx tap failover --fast')).toContain("unknown option '--fast'");
    expect(await parse('npx tap freeze --for 2d --reason work')).toContain('--for 2d is not allowed');
  });

  test('one that the rehearsal cannot play has a test of its own', () => {
    const missing = [...TESTED_ELSEWHERE.values()].filter((file) => !existsSync(path.join(ROOT, file)));
    expect(missing).toEqual([]);
  });

  test('each stands alone, in a state that a story of the rehearsal reaches, with what is seen then', () => {
    const typed = blocks.filter((block) => block.commands.some(isTap));
    const wrong = typed.flatMap((block) => {
      const { state, then } = noteOf(block);
      const known = [state, ...(then === undefined ? [] : [then])];
      return [
        ...(block.commands.length > 1 ? [`${where(block)}: more than one command`] : []),
        ...known.filter((name) => !placeOf(name)).map((name) => `${where(block)}: there is no state ${name}`),
        ...(block.shown.length === 0 && isPlayed(block.commands[0] ?? '') ? [`${where(block)}: shows nothing`] : []),
      ];
    });
    expect(wrong).toEqual([]);
    expect(typed.length).toBeGreaterThan(40);
  });

  /** Pulumi CLI, "Commands". */
  const PULUMI = ['config set', 'destroy', 'preview', 'stack rm', 'stack select', 'state delete', 'up'];
  /** AWS CLI command reference; of services whose SDK is installed, the SDK is asked. */
  const AWS: Readonly<Record<string, readonly string[]>> = {
    configure: ['set'],
    events: ['describe-rule', 'disable-rule'],
    logs: ['describe-log-groups', 'tail'],
    sts: ['get-caller-identity'],
  };
  const scripts = Object.keys(
    z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))).scripts,
  );

  const SDKS: Readonly<Record<string, object>> = { rds, secretsmanager, sqs };

  function isThere(command: string): boolean {
    const [program, first = '', second = ''] = command.split(/\s+/);
    if (program === 'npm') return first === 'ci' || scripts.includes(first === 'run' ? second : first);
    if (program === 'pulumi') return PULUMI.includes(first) || PULUMI.includes(`${first} ${second}`);
    if (program === 'export') return true;
    if (program !== 'aws') return false;
    const wanted = `${second.replaceAll('-', '')}command`;
    const operations = Object.keys(SDKS[first] ?? {}).map((name) => name.toLowerCase());
    return operations.includes(wanted) || (AWS[first] ?? []).includes(second);
  }

  test.each(blocks.flatMap((block) => block.commands).filter((command) => !isTap(command)))(
    '%s is a script of package.json, or a command of Pulumi or AWS',
    (command) => {
      expect(isThere(command)).toBe(true);
    },
  );

  test.each(['npm run migrat', 'pulumi nuke', 'aws rds detach-cluster', 'aws s3 rb'])('%s is none', (command) => {
    expect(isThere(command)).toBe(false);
  });
});

test('no word of ours is used that the first page does not explain', () => {
  const [first, ...others] = [pageText('docs/runbooks/README.md'), ...PAGES.slice(1).map(pageText)];
  const used = Object.keys(TERMS).filter((term) => new RegExp(`\\b${term}\\b`, 'i').test(others.join(' ')));
  expect(used.filter((term) => !first.includes(`| **${term}** `))).toEqual([]);
  expect(used).toContain('lease');
});

test('every link of the runbooks leads to a page and a heading that exist', () => {
  const broken = PAGES.flatMap((page) =>
    [...pageText(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !target.startsWith('http') && !leads(page, target))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

function leads(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const to = file === '' ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(ROOT, to))) return false;
  return anchor === undefined || anchorsOf(pageText(to)).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('what AWS calls a person with leads to a page', () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await evaluateStack('dev');
  }, 60_000);

  const page = pageText('docs/alarms.md');
  const sections = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((section): [string, string] => [anchorsOf(`# ${section}`)[0] ?? '', section]),
  );

  test('every alarm of the evaluated stack names a section of docs/alarms.md, and no section is without an alarm', () => {
    const named = graph.resources
      .filter(({ type }) => /cloudwatch\/(metricAlarm|compositeAlarm):/.test(type))
      .map(({ inputs }) => /docs\/alarms\.md#(\S+)$/.exec(text(inputs, 'alarmDescription'))?.[1]);
    expect(named).not.toContain(undefined);
    expect([...new Set(named)].sort()).toEqual([...sections.keys()].sort());
  });

  test.each([...sections.keys()])('%s says what to run, or that nothing of ours helps', (anchor) => {
    const last = sections.get(anchor)?.trim().split('\n\n').at(-1) ?? '';
    expect(last.replaceAll('\n', ' ')).toMatch(/`npx tap |^No command of ours helps\.$/);
  });

  // Those after which somebody has to decide or to type something that changes the platform.
  test.each([
    ['alarm-failover-trigger', 'manual-failover.md'],
    ['alarm-peer-lost', 'manual-failover.md#dr-is-active-and-is-lost'],
    ['alarm-probe-stopped', 'manual-failover.md'],
    ['alarm-heartbeat-unhealthy', 'partial-outages.md'],
    ['alarm-aurora-lag-critical', 'manual-failover.md#a-run-waits-for-you'],
    ['alarm-sql-lag-critical', 'manual-failover.md#a-run-waits-for-you'],
    ['alarm-lag-sample-old', 'manual-failover.md#a-run-waits-for-you'],
    ['alarm-failover-active', 'fail-back.md'],
    ['alarm-order-dlq', 'lost-orders.md'],
    ['alarm-maintenance', 'maintenance.md'],
    ['alarm-run-failed', 'manual-failover.md#a-failover-does-not-come-to-its-end'],
    ['alarm-database-health', 'partial-outages.md#the-database-alone'],
  ])('%s leads to %s', (anchor, runbook) => {
    expect(sections.get(anchor)).toContain(`(runbooks/${runbook}`);
  });

  test('the rules that a page disables by hand are those that call the renewers', () => {
    const rules = graph.resources
      .filter(({ type }) => type.startsWith('aws:cloudwatch/eventRule:'))
      .map(({ inputs }) => text(inputs, 'name'));
    const named = (operation: string): readonly string[] =>
      blocks
        .flatMap((block) => block.commands)
        .flatMap((command) => new RegExp(`^aws events ${operation} .*--name (\\S+)`).exec(command)?.[1] ?? []);
    const disabled = named('disable-rule');
    expect(disabled).toEqual(['heartbeat-dev', 'reconciler-dev']);
    // Whether they are is asked of the same two.
    expect(named('describe-rule')).toEqual(disabled);
    expect(rules).toEqual(expect.arrayContaining(disabled));
  });
});
