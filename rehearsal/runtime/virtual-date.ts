/** `Date` for code in an execution environment: "now" is the environment's own clock, everything else is Node's. */
export function virtualDate(now: () => number): DateConstructor {
  // A function and no proxy, which would cost more than the date: what it makes are Node's own dates.
  function VirtualDate(...args: unknown[]): unknown {
    const asked: unknown = new.target;
    if (asked === undefined) return new Date(now()).toString();
    const made = typeof asked === 'function' && asked !== VirtualDate ? asked : Date;
    return Reflect.construct(Date, args.length === 0 ? [now()] : args, made);
  }
  Object.defineProperties(VirtualDate, { ...Object.getOwnPropertyDescriptors(Date), now: { value: now } });
  return VirtualDate as unknown as DateConstructor;
}
