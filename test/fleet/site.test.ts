import fc from 'fast-check';
import { contentType, FRESH_MS, Site, siteKey, USABLE_MS } from '../../fleet/service/site';
import { FakePlatform } from './support/fakes';

describe('the key of a path', () => {
  test.each([
    ['/', 'rtc/site/index.html'],
    ['/help/', 'rtc/site/help/index.html'],
    ['/site.css', 'rtc/site/site.css'],
    ['/a/b-1_2.min.js', 'rtc/site/a/b-1_2.min.js'],
  ])('%s is %s', (path, key) => {
    expect(siteKey(path)).toBe(key);
  });

  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '%2e',
    '%2F',
    '\\',
    'a',
    'index.html',
    '\0',
    ' ',
    '?',
    ':',
    '\u{1f4a9}',
  );
  const path = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`),
  );

  test('no path leaves the site, however it is written', () => {
    fc.assert(
      fc.property(path, (given) => {
        const key = siteKey(given);
        if (key === undefined) return;
        expect(key).toMatch(/^rtc\/site\/[\w.-]+(\/[\w.-]+)*$/);
        expect(key.split('/')).not.toContain('..');
        expect(new URL(`https://bucket/${key}`).pathname).toBe(`/${key}`);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ['rtc/site/a.HTML', 'text/html; charset=utf-8'],
  ['rtc/site/a.js', 'text/javascript; charset=utf-8'],
  ['rtc/site/a.svg', 'image/svg+xml'],
  ['rtc/site/a.exe', 'application/octet-stream'],
  ['rtc/site/constructor', 'application/octet-stream'],
  ['rtc/site/a.constructor', 'application/octet-stream'],
])('%s is offered as %s', (key, type) => {
  expect(contentType(key)).toBe(type);
});

describe('the memory of the site', () => {
  const KEY = 'rtc/site/index.html';
  let platform: FakePlatform;
  let site: Site;

  beforeEach(() => {
    platform = new FakePlatform();
    site = new Site(platform.ports.site, platform.ports.log, () => platform.time);
  });

  test('a file is read once a minute, and requests at the same time share one read', async () => {
    await Promise.all([site.file(KEY), site.file(KEY), site.file(KEY)]);
    platform.time += FRESH_MS - 1;
    await site.file(KEY);
    expect(platform.asked.site).toBe(1);
    platform.time += 1;
    await site.file(KEY);
    expect(platform.asked.site).toBe(2);
  });

  test('while the bucket does not answer, what was read is shown for ten minutes, with a warning', async () => {
    const shown = await site.file(KEY);
    platform.down.add('site');
    platform.time += USABLE_MS - 1;
    expect(await site.file(KEY)).toBe(shown);
    expect(platform.lines).toEqual([expect.objectContaining({ level: 'warn', key: KEY })]);
    platform.time += 1;
    await expect(site.file(KEY)).rejects.toThrow('the site store is unavailable');
  });

  test('a failed read is not remembered', async () => {
    platform.down.add('site');
    await expect(site.file(KEY)).rejects.toThrow('unavailable');
    platform.down.clear();
    expect(await site.file(KEY)).toBeDefined();
  });

  test('a file that appears is found after ten seconds', async () => {
    expect(await site.file('rtc/site/new.js')).toBeUndefined();
    platform.site.set('rtc/site/new.js', '1');
    platform.time += 9_999;
    expect(await site.file('rtc/site/new.js')).toBeUndefined();
    platform.time += 1;
    expect(await site.file('rtc/site/new.js')).toBeDefined();
  });

  test('paths that do not exist cannot fill the memory, and never drive out the index page', async () => {
    await site.file(KEY);
    for (let i = 0; i < 2_000; i++) await site.file(`rtc/site/${i}.html`);
    const before = platform.asked.site;
    await site.file(KEY);
    await site.file('rtc/site/1999.html');
    expect(platform.asked.site).toBe(before);
    await site.file('rtc/site/0.html');
    expect(platform.asked.site).toBe(before + 1);
  });
});
