import { Scene } from '../tap/support/scene';
import type { Stage } from '../tap/support/stage';
import type { Story } from './stories';

/** One story as it is told: time goes by as far as the command wants it, and never back. */
export class Telling {
  private scene?: Scene;
  private step = -1;

  constructor(
    private readonly stage: Stage,
    private readonly story: Story,
  ) {}

  /** Lets happen what lies before a state. @throws Error where a command of a page should have led there and did not. */
  async at(state: string): Promise<Scene> {
    this.scene ??= await Scene.open(this.stage, this.story.name);
    const target = this.story.states.findIndex(({ name }) => name === state);
    while (this.step < target) {
      const next = this.story.states[this.step + 1];
      if (!next?.happens) throw new Error(`no command of a page has led to ${next?.name ?? state} ("then")`);
      await next.happens(this.scene);
      this.step += 1;
    }
    if (this.step > target) throw new Error(`${state} is over: it is ${this.story.states[this.step]?.name ?? ''}`);
    return this.scene;
  }

  /** A command has led to the next state. */
  ledTo(state: string): void {
    const next = this.story.states[this.step + 1];
    if (next?.name !== state || next.happens)
      throw new Error(`after this comes ${next?.name ?? 'nothing'}, not ${state}`);
    this.step += 1;
  }
}
