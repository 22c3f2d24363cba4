import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Source {
  /** Below the project's root. */
  readonly file: string;
  readonly text: string;
}

/** Parts of a title that `test.each` fills in. */
const PLACEHOLDER = /%[sdijo]|\$\w+/;

/** The titles of all tests below test/, as the sources have them. */
export class Titles {
  private readonly sources: readonly Source[];

  constructor(root: string) {
    this.sources = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .sort()
      .map((name) => ({ file: `test/${name}`, text: readFileSync(path.join(root, 'test', name), 'utf8') }));
  }

  /** The file that has a test of this title, written out or filled in by `test.each`; undefined: there is none. */
  fileOf(title: string): string | undefined {
    const found =
      this.sources.find(({ text }) => written(text, title)) ?? this.sources.find((one) => filled(one, title));
    return found?.file;
  }
}

/** Does a source contain a text in quotes, however they are written? */
function written(source: string, title: string): boolean {
  return [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``].some((quoted) => source.includes(quoted));
}

/** Does a title come of a pattern in the source, filled with texts that the source has too? */
function filled({ text }: Source, title: string): boolean {
  const patterns = [...text.matchAll(/'((?:[^'\\\n]|\\.)+)'/g)].map(([, pattern = '']) => pattern);
  return patterns.some((pattern) => {
    if (!PLACEHOLDER.test(pattern)) return false;
    const parts = pattern.replaceAll("\\'", "'").split(new RegExp(PLACEHOLDER, 'g')).map(escaped);
    const values = new RegExp(`^${parts.join('(.+)')}$`).exec(title)?.slice(1);
    return values?.every((value) => written(text, value)) === true;
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
