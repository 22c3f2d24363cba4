import { Scene } from './scene';
import { setStage, type Stage } from './stage';

/** What the tests of one file share. */
export interface Opened {
  readonly stage: Stage;
  /** One that nothing is done to: for what is refused, or only looked at. */
  readonly healthy: Scene;
}

/**
 * Sets the stage before the first test of a file, and gives its tests time: a platform's minutes pass in seconds, or in many
 * where other tests want the processor too.
 *
 * @returns what is there once the tests run.
 */
export function openStage(): Opened {
  jest.setTimeout(120_000);
  let opened: Opened | undefined;
  beforeAll(async () => {
    const stage = await setStage();
    opened = { stage, healthy: await Scene.open(stage) };
  });
  const there = (): Opened => {
    if (!opened) throw new Error('the stage is set before the first test, and not before');
    return opened;
  };
  return {
    get stage() {
      return there().stage;
    },
    get healthy() {
      return there().healthy;
    },
  };
}
