/** A file of an archive. */
export interface TarFile {
  /** Relative, with `/`, at most 100 bytes of ASCII. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
/** The same date in every archive: 2020-01-01, in seconds since 1970. */
const MTIME = 1_577_836_800;

/**
 * A tar archive (POSIX ustar) that depends on nothing but names and contents: sorted, one date, one owner, one mode. Not
 * compressed, because the bytes of a compressor differ between versions of Node.js.
 *
 * @throws RangeError for a name that the format cannot hold.
 */
export function tarArchive(files: readonly TarFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.flatMap(({ name, bytes }) => [header(name, bytes.length), bytes, padding(bytes.length)]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, size: number): Buffer {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new RangeError(`"${name}" does not fit into a tar header`);
  const block = Buffer.alloc(BLOCK);
  const put = (at: number, text: string): void => void block.write(text, at, 'latin1');
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  put(0, name);
  put(100, octal(0o644, 7));
  put(108, octal(0, 7)); // uid
  put(116, octal(0, 7)); // gid
  put(124, octal(size, 11));
  put(136, octal(MTIME, 11));
  put(148, ' '.repeat(8)); // the checksum counts itself as spaces
  put(156, '0'); // a plain file
  put(257, 'ustar\x0000');
  put(265, 'root');
  put(297, 'root');
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
