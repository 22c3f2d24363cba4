/** `Date` for code in an execution environment: "now" is the environment's own clock, everything else is Node's. */
export function virtualDate(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct(target, args: unknown[], made) {
      const date: unknown = Reflect.construct(target, args.length === 0 ? [now()] : args, made);
      if (!(date instanceof Date)) throw new TypeError('Date makes no date');
      return date;
    },
    apply: () => new Date(now()).toString(),
    get: (target, key): unknown => (key === 'now' ? now : Reflect.get(target, key)),
  });
}
