import log from '@aws/synthetics-logger';
import { checkAll, readUrls } from './check';
import { get } from './get';

/** What Synthetics calls on its schedule; a run passes unless this throws. One bundle serves every canary. */
export async function handler(): Promise<string> {
  const urls = readUrls(process.env['CANARY_URLS']);
  await checkAll(urls, { get, info: (line) => log.info(line) });
  return `${urls.length} endpoints are well`;
}
