import type { Scene } from '../tap/support/scene';

/** A state of a platform that a runbook's command is typed in. */
export interface State {
  readonly name: string;
  /** What happens on the way from the state before; without it a command of a page leads here (`then`). */
  readonly happens?: (scene: Scene) => Promise<void>;
}

/** One platform, and the states that it goes through, in order. Opening one takes seconds, so that each tells a long story. */
export interface Story {
  readonly name: string;
  readonly states: readonly State[];
}

const MINUTES = 60_000;

export const STORIES: readonly Story[] = [
  {
    name: 'planned work',
    states: [
      // The guards of a switchover want a region that has been well for some minutes.
      { name: 'healthy', happens: (scene) => scene.pass(2 * MINUTES) },
      { name: 'frozen' },
      { name: 'unfrozen' },
      { name: 'switched-over' },
      { name: 'at-work-in-dr', happens: (scene) => scene.pass(6 * MINUTES) },
      { name: 'detached' },
    ],
  },
  {
    name: 'a loss that nobody has accepted yet',
    states: [
      {
        name: 'run-waits',
        async happens(scene) {
          scene.break({ kind: 'aurora-lag', ms: 90_000 }, 200);
          await scene.pass(200_000);
          scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' }, 600);
          await scene.pass(140_000);
        },
      },
      { name: 'failed-over' },
      { name: 'primary-just-back', happens: (scene) => scene.pass(8 * MINUTES) },
      { name: 'primary-ready', happens: (scene) => scene.pass(9 * MINUTES) },
      { name: 'home' },
      { name: 'home-for-a-while', happens: (scene) => scene.pass(6 * MINUTES) },
    ],
  },
  {
    name: 'nobody watches primary',
    states: [
      {
        name: 'primary-lost-unseen',
        async happens(scene) {
          scene.break({ kind: 'function-broken', region: 'dr', function: 'primary-probe' }, 600);
          scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' }, 420);
          await scene.pass(4 * MINUTES);
        },
      },
      { name: 'failed-over-by-hand' },
      {
        name: 'dr-lost-while-active',
        async happens(scene) {
          await scene.pass(12 * MINUTES);
          scene.break({ kind: 'region-lost', region: 'dr', how: 'dark' });
          await scene.pass(3 * MINUTES);
        },
      },
      { name: 'active-in-primary-again' },
    ],
  },
  {
    name: 'parts that fail',
    states: [
      {
        name: 'database-fails',
        async happens(scene) {
          scene.break({ kind: 'database-gone', region: 'primary' }, 60);
          await scene.pass(50_000);
        },
      },
      {
        name: 'service-broken',
        async happens(scene) {
          // The orders of the minute before come back after 180 s, and the alarm of their age needs three good minutes.
          await scene.pass(8 * MINUTES);
          scene.break({ kind: 'function-broken', region: 'primary', function: 'payment-validator' }, 240);
          scene.traffic(1_000, 240_000);
          await scene.pass(4 * MINUTES - 5_000);
        },
      },
      {
        name: 'partition',
        async happens(scene) {
          await scene.pass(4 * MINUTES);
          scene.break({ kind: 'partition', between: ['primary', 'dr'] }, 900);
          await scene.pass(100_000);
        },
      },
      { name: 'failed-over-in-partition' },
    ],
  },
  {
    name: 'a slow region',
    states: [
      {
        name: 'region-slow',
        async happens(scene) {
          scene.break({ kind: 'region-slow', region: 'primary', slowerMs: { least: 50, most: 150 } });
          await scene.pass(3 * MINUTES);
        },
      },
      { name: 'left-the-slow-region' },
    ],
  },
  {
    name: 'two locations',
    states: [
      {
        name: 'witness-lost',
        async happens(scene) {
          scene.break({ kind: 'region-lost', region: 'witness', how: 'dark' }, 400);
          await scene.pass(1 * MINUTES);
        },
      },
      {
        name: 'two-locations-lost',
        async happens(scene) {
          scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' }, 2_000);
          await scene.pass(2 * MINUTES);
        },
      },
      { name: 'witness-back', happens: (scene) => scene.pass(7 * MINUTES) },
    ],
  },
  {
    name: 'orders without a row',
    states: [
      {
        name: 'orders-missing',
        async happens(scene) {
          scene.break({ kind: 'aurora-lag', ms: 20_000 });
          scene.traffic(2_000, 60_000);
          await scene.pass(60_000);
          scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' });
          scene.break({ kind: 'function-broken', region: 'dr', function: 'reconciler' }, 1_100);
          await scene.pass(7 * MINUTES);
        },
      },
      { name: 'orders-still-missing' },
      { name: 'reconciler-mended', happens: (scene) => scene.pass(2 * MINUTES) },
      { name: 'orders-accounted-for' },
    ],
  },
  {
    name: 'a failover that AWS does not carry out',
    states: [
      {
        name: 'promotion-refused',
        async happens(scene) {
          const operations = ['FailoverGlobalCluster'];
          scene.break({ kind: 'service', region: 'dr', service: 'rds', effect: 'throttled', operations }, 1_800);
          scene.break({ kind: 'region-lost', region: 'primary', how: 'dark' }, 500);
          await scene.pass(2 * MINUTES);
        },
      },
      { name: 'failover-failed' },
      { name: 'failover-failed-primary-back', happens: (scene) => scene.pass(4 * MINUTES) },
    ],
  },
];

/** Where a state stands: which story, and how far into it. */
export function placeOf(state: string): { readonly story: number; readonly step: number } | undefined {
  for (const [story, { states }] of STORIES.entries()) {
    const step = states.findIndex(({ name }) => name === state);
    if (step >= 0) return { story, step };
  }
  return undefined;
}
