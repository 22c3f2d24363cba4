import { evaluateStack } from '../analysis/graph/evaluate-stack';

/** Prints how long this process took from its start to the graph of dev, in seconds, and its largest resident set, in MiB. */
export async function main(): Promise<void> {
  await evaluateStack('dev');
  console.log(`${process.uptime()} ${Math.round(process.resourceUsage().maxRSS / 1024)}`);
}
