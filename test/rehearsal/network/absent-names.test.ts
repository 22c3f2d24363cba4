import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { AbsentNames } from '../../../rehearsal/network/absent-names';

it('remembers that a name did not exist, whatever has become of it, and nothing of one that exists (RFC 2308)', async () => {
  const clock = new VirtualClock(0);
  const names = new AbsentNames(clock, 60_000);
  let there: string | undefined;
  const ask = (): string | undefined => names.ask('writer', () => there);
  expect(ask()).toBeUndefined();
  there = 'promoted';
  await clock.run(59_999);
  expect(ask()).toBeUndefined();
  expect(names.ask('instance', () => there)).toBe('promoted');
  await clock.run(60_000);
  expect(ask()).toBe('promoted');
  there = undefined;
  expect(ask()).toBeUndefined();
});
