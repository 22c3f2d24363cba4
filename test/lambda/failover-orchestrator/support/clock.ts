/** A clock that jumps to whatever is slept for next, once nothing else is left to do. */
export function steppedClock(start: number) {
  let time = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let armed = false;

  function arm(): void {
    if (armed) return;
    armed = true;
    setImmediate(() => {
      armed = false;
      const next = [...sleepers].sort((one, other) => one.at - other.at)[0];
      if (!next) return;
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      time = Math.max(time, next.at);
      next.wake();
      if (sleepers.length > 0) arm();
    });
  }

  return {
    now: () => time,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: time + ms, wake });
        arm();
      }),
    advance: (ms: number) => void (time += ms),
    /** Nobody sleeps any more: what a crash leaves behind must not move the clock. */
    forget: () => void (sleepers = []),
  };
}
