import type { SqlError } from './sql-error';
import type { Row } from './content';
import type { Column } from './statement';

// Messages of the frontend/backend protocol 3.0 (PostgreSQL manual, 53.7 "Message Formats").

/** Types of the messages that a client sends, by their first byte. */
export const FRONTEND = {
  bind: 0x42,
  close: 0x43,
  describe: 0x44,
  execute: 0x45,
  flush: 0x48,
  parse: 0x50,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
  password: 0x70,
} as const;

/** The first four bytes of a message without a type: what it asks for. */
export const STARTUP = { version3: 196_608, tls: 80_877_103, cancel: 80_877_102 } as const;

/** A message without a body, or with one that never changes. */
function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const ANSWERS = {
  tls: Buffer.from('S'),
  askPassword: message('R', int32(3)),
  authenticated: message('R', int32(0)),
  parsed: message('1'),
  bound: message('2'),
  noData: message('n'),
  emptyQuery: message('I'),
  ready: { I: message('Z', Buffer.from('I')), T: message('Z', Buffer.from('T')), E: message('Z', Buffer.from('E')) },
} as const;

/** ParameterStatus. */
export function parameterStatus(name: string, value: string): Buffer {
  return message('S', Buffer.from(`${name}\0${value}\0`));
}

/** BackendKeyData. */
export function backendKey(processId: number): Buffer {
  return message('K', Buffer.concat([int32(processId), int32(0)]));
}

/** ErrorResponse or NoticeResponse. */
export function errorMessage({ code, message: said, severity }: SqlError, kind: 'E' | 'N'): Buffer {
  return message(kind, Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${said}\0\0`));
}

/** RowDescription; every column in text. */
export function rowDescription(columns: readonly Column[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(columns.length);
  const fields = columns.map(({ name, type, size, modifier }) => {
    const rest = Buffer.alloc(18);
    rest.writeInt32BE(type, 6);
    rest.writeInt16BE(size, 10);
    rest.writeInt32BE(modifier, 12);
    return Buffer.concat([Buffer.from(`${name}\0`), rest]);
  });
  return message('T', Buffer.concat([count, ...fields]));
}

/** Collects the messages of one answer. */
export class AnswerWriter {
  private bytes = Buffer.allocUnsafe(1_024);
  private length = 0;

  get empty(): boolean {
    return this.length === 0;
  }

  add(part: Buffer): void {
    this.room(part.length);
    part.copy(this.bytes, this.length);
    this.length += part.length;
  }

  dataRow(row: Row): void {
    this.room(7);
    const start = this.length;
    this.bytes[start] = 0x44;
    this.bytes.writeInt16BE(row.length, start + 5);
    this.length += 7;
    for (const value of row) this.value(value);
    this.bytes.writeInt32BE(this.length - start - 1, start + 1);
  }

  commandComplete(tag: string): void {
    this.room(6 + tag.length);
    this.bytes[this.length] = 0x43;
    this.bytes.writeInt32BE(tag.length + 5, this.length + 1);
    this.bytes.write(tag, this.length + 5, 'latin1');
    this.bytes[this.length + 5 + tag.length] = 0;
    this.length += 6 + tag.length;
  }

  /** Everything since the last time. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.length));
    this.length = 0;
    return taken;
  }

  private value(value: string | null): void {
    if (value === null) {
      this.room(4);
      this.length = this.bytes.writeInt32BE(-1, this.length);
      return;
    }
    this.room(4 + value.length * 3);
    const written = this.bytes.write(value, this.length + 4, 'utf8');
    this.bytes.writeInt32BE(written, this.length);
    this.length += 4 + written;
  }

  private room(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe((this.length + size) * 2);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** Reads the body of one message. */
export class MessageReader {
  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  cString(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  /** A text of so many bytes; null when that is -1. */
  value(): string | null {
    const length = this.int32();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }
}
