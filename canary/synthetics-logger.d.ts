/** The logger of the canary runtime, as far as it is used; the module exists only there. */
declare module '@aws/synthetics-logger' {
  const log: { info(message: string): void };
  export default log;
}
