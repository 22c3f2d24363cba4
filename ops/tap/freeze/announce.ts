import { createAlarms } from '../../../lambda/shared/alarm-states';
import { createLocalItems, type LocalItem } from '../../../lambda/shared/local-items';
import { createSignalPublisher } from '../../../lambda/shared/signal-publisher';
import { physicalName } from '../../../lib/naming';
import { part, type Part } from '../ask';
import type { Context, Stack } from '../context';

/** How long a region may take to take the item, with all attempts, in milliseconds. */
const WRITE_MS = 9_000;

/** Between two looks at the alarm, and the longest that it may take: it is evaluated once a minute, and looks back two more. */
const LOOK_MS = 10_000;
const ALARM_MS = 300_000;

/**
 * Writes until when no failover starts by itself. The reconciler of the region puts the metric from then on; the first value is
 * put here, so that the alarm need not wait for it.
 */
export function putFreeze(
  { clients, machine }: Context,
  { name, outputs }: Stack,
  region: string,
  freeze: LocalItem<'freeze'>,
): Promise<Part<void>> {
  return part(WRITE_MS, `the freeze in ${region}`, async () => {
    await createLocalItems(clients.dynamodb(region), outputs.leaseTable).put('freeze', freeze);
    const namespace = physicalName('CloudWatch namespace', 'trading-platform', name);
    const signals = createSignalPublisher(clients.cloudwatch(region), namespace);
    await signals.publish({ Maintenance: freeze.until > freeze.at ? 1 : 0 }, machine.now());
  });
}

/** Waits until the alarm that holds back says so, or says so no longer; false when it does not in time. */
export async function alarmTurns(
  { clients, machine }: Context,
  { name }: Stack,
  region: string,
  wanted: 'red' | 'not-red',
): Promise<boolean> {
  const alarm = physicalName('CloudWatch alarm', 'maintenance', name);
  const alarms = createAlarms(clients.cloudwatch(region));
  const began = machine.now();
  while (machine.now() - began < ALARM_MS) {
    const read = await part(LOOK_MS, alarm, () => alarms.read([alarm]));
    if (read.ok && read.value(alarm).says === wanted) return true;
    await machine.sleep(LOOK_MS);
  }
  return false;
}
