import type { Alert } from './journal';
import type { JournalItems } from './journal-items';
import type { Topic } from './topics';

/** Tells people once. */
export interface Alerts {
  /** Does nothing when this key has been told. @throws when it cannot be told, or not be noted. */
  send(alert: Alert): Promise<void>;
}

/** What the messages of one region say of where they come from. */
export interface AlertSettings {
  readonly region: string;
  readonly environmentSuffix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Noted after it was sent: a crash between the two tells people twice, which is better than never. */
export function createAlerts(
  items: JournalItems,
  topic: Topic,
  { region, environmentSuffix, now }: AlertSettings,
): Alerts {
  return {
    async send({ key, subject, text }) {
      if (await items.get(alertKey(key), ALERT)) return;
      await topic.publish(`[${environmentSuffix}] ${region}: ${subject}`, text);
      await items.putOnce({ pk: alertKey(key), sk: ALERT, subject, text, sentAt: now() });
    },
  };
}

const ALERT = 'alert';

function alertKey(key: string): string {
  return `alert#${key}`;
}
