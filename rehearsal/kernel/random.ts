/** A number range, both ends included. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * Numbers from one seed (sfc32, Chris Doty-Humphrey's small fast counting generator; 128 bits of state). Every part of a run
 * draws from a stream of its own name, so that one more draw in one part changes nothing in another: what shrinking needs.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(private readonly seed: string) {
    [this.a, this.b, this.c] = hashed(seed);
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** An independent generator; the same name gives the same numbers, whatever was drawn before. */
  stream(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** 0 up to, not including, 1. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  between({ least, most }: Range): number {
    return least + this.next() * (most - least);
  }

  /** A whole number of the range, each as likely as the others. */
  whole({ least, most }: Range): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.next() * list.length)];
    if (one === undefined) throw new RangeError('nothing to pick from');
    return one;
  }

  /** A version-4 UUID. */
  uuid(): string {
    const [a, b, c, d] = [this.word(), this.word(), this.word(), this.word()];
    const variant = (8 + (parseInt(c[0] ?? '0', 16) % 4)).toString(16);
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }

  /** 32 bits as eight digits. */
  private word(): string {
    const bits = this.next() * 2 ** 32;
    return `${hexOf(bits >>> 24)}${hexOf((bits >>> 16) & 255)}${hexOf((bits >>> 8) & 255)}${hexOf(bits & 255)}`;
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hexOf(byte: number): string {
  return HEX[byte] ?? '';
}

/** Three 32-bit words of a text (FNV-1a with three offsets). */
function hashed(text: string): [number, number, number] {
  const words: [number, number, number] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    words[0] = Math.imul(words[0] ^ code, 0x01000193);
    words[1] = Math.imul(words[1] ^ code, 0x01000193) ^ words[0];
    words[2] = Math.imul(words[2] ^ code, 0x01000193) ^ words[1];
  }
  return words;
}
