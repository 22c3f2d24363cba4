import type { Log, SiteReader, StoredFile } from './ports';

/** Where the site lies in the static-content bucket; `rtc/` is the prefix with replication time control. */
export const SITE_PREFIX = 'rtc/site/';

/** The object that `/` shows and that health needs. */
export const INDEX_KEY = `${SITE_PREFIX}index.html`;

/** How long a file is shown without asking again, in milliseconds; `Cache-Control` tells clients the same. */
export const FRESH_MS = 60_000;
/** How long a file that was read once is still shown while the bucket does not answer, in milliseconds. */
export const USABLE_MS = 600_000;
/** How long "there is no such file" is believed, in milliseconds. */
const ABSENT_MS = 10_000;
const MOST_ENTRIES = 500;
const MOST_BYTES = 32 * 1024 * 1024;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

/** A name that cannot climb: it starts with a letter, digit or underscore and has no escape, backslash or colon. */
const SEGMENT = /^[0-9A-Za-z_][0-9A-Za-z._-]{0,127}$/;
const MOST_SEGMENTS = 8;

/**
 * The object key of a path of the site; a directory shows its `index.html`.
 *
 * @returns undefined for a path that no file of the site can have. Percent escapes are not decoded but refused, so there is
 * no second reading of a path in which it leaves the prefix.
 */
export function siteKey(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const segments = path.slice(1).split('/');
  const last = segments.pop() ?? '';
  segments.push(last === '' ? 'index.html' : last);
  if (segments.length > MOST_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment))) return undefined;
  return SITE_PREFIX + segments.join('/');
}

/** The content type of a file by its extension; a file of an unknown kind is offered as bytes. */
export function contentType(key: string): string {
  const extension = /\.([0-9a-z]+)$/i.exec(key)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(CONTENT_TYPES, extension) && CONTENT_TYPES[extension]) || 'application/octet-stream';
}

interface Entry {
  readonly file: StoredFile | undefined;
  readonly readAt: number;
}

/** The site, read through: files are kept for 60 s, and longer while the bucket does not answer. */
export class Site {
  private readonly entries = new Map<string, Entry>();
  private readonly reading = new Map<string, Promise<StoredFile | undefined>>();
  private bytes = 0;

  constructor(
    private readonly reader: SiteReader,
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  /**
   * A file of the site; requests for the same one share one read.
   *
   * @throws StoreUnavailableError when the bucket does not answer and no usable copy is there.
   */
  async file(key: string): Promise<StoredFile | undefined> {
    const known = this.entries.get(key);
    const age = known ? this.now() - known.readAt : Infinity;
    if (known && age < (known.file ? FRESH_MS : ABSENT_MS)) return known.file;
    try {
      return await this.read(key);
    } catch (error) {
      if (!known?.file || age >= USABLE_MS) throw error;
      this.log.write('warn', 'the site is shown from memory', { key, ageMs: age, error: String(error) });
      return known.file;
    }
  }

  private read(key: string): Promise<StoredFile | undefined> {
    const running = this.reading.get(key);
    if (running) return running;
    const read = this.reader
      .read(key)
      .then((file) => this.keep(key, file))
      .finally(() => this.reading.delete(key));
    this.reading.set(key, read);
    return read;
  }

  private keep(key: string, file: StoredFile | undefined): StoredFile | undefined {
    this.drop(key);
    this.entries.set(key, { file, readAt: this.now() });
    this.bytes += file?.body.byteLength ?? 0;
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= MOST_ENTRIES && this.bytes <= MOST_BYTES) break;
      if (oldest !== key && oldest !== INDEX_KEY) this.drop(oldest);
    }
    return file;
  }

  private drop(key: string): void {
    this.bytes -= this.entries.get(key)?.file?.body.byteLength ?? 0;
    this.entries.delete(key);
  }
}
