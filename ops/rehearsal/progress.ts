/** Says on standard error how far long work has come: in place on a terminal, else a line now and then. */
export function createProgress(
  what: string,
  stream: NodeJS.WriteStream = process.stderr,
): (done: number, of: number) => void {
  const started = Date.now();
  let last = 0;
  return (done, of) => {
    const now = Date.now();
    const isOver = done === of;
    if (!isOver && now - last < (stream.isTTY ? 200 : 5_000)) return;
    last = now;
    const seconds = (now - started) / 1_000;
    const left = done > 0 ? Math.ceil((seconds / done) * (of - done)) : 0;
    const line = `${what}: ${done} of ${of}, ${(done / Math.max(seconds, 0.001)).toFixed(1)} a second${isOver ? '' : `, ${left} s to go`}`;
    stream.write(stream.isTTY ? `\r${line.padEnd(78)}${isOver ? '\n' : ''}` : `${line}\n`);
  };
}
