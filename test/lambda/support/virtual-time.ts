/** A clock that stands still until somebody sleeps or a test moves it. */
export function virtualTime(start: number) {
  let time = start;
  return {
    now: () => time,
    sleep: async (ms: number) => void (time += ms),
    advance: (ms: number) => void (time += ms),
  };
}
