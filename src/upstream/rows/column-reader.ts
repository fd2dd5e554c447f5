import { columnReaderModule } from "./column-reader.wasm.js";
import { type ResponseBody, startsWithMark } from "./response-body.js";

const NAME_BYTES = 64;
/** Zeros after a window, which stop the reader. */
const ZEROS = 64;
const SPACE = 0x20;
/** What JSON.parse makes of the mark for a member that a row does not have. */
const ABSENT = Number.POSITIVE_INFINITY;

/** See `assembly/column-reader.ts`. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  maxColumns(): number;
  maxNameBytes(): number;
  names(): number;
  input(): number;
  windowBytes(): number;
  begin(columns: number): void;
  read(): number;
  outputStart(): number;
  outputEnd(): number;
  isAscii(): number;
  absentMembers(): number;
  isComplete(): number;
}

/** The part of WebAssembly that is used here; @types/node does not declare it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

/** Values of columns of consecutive rows: as many for each row as there are columns, in their order. */
export type ColumnValues = unknown[];

/** Options for `ColumnReader`. */
export interface ColumnReaderOptions {
  /** The WebAssembly module, in base64. @default that of `assembly/column-reader.ts` */
  readonly module?: string;
  /** Number of bytes that are read at a time. A longer row is left to JSON.parse. @default 512 KiB, which is the maximum */
  readonly windowBytes?: number;
}

/**
 * Reads columns of the rows of a JSON list without making anything of the others, which are nevertheless checked against JSON's grammar.
 *
 * It has about 1 MiB of memory, whatever the size of a response, and lives as long as the process.
 */
export class ColumnReader {
  private readonly exports: Exports | undefined;
  private readonly memory: Buffer;
  private readonly windowBytes: number;
  /** Names of columns as they are written into the module's memory. */
  private readonly slotsOf = new WeakMap<readonly string[], Buffer>();

  constructor({ module = columnReaderModule, windowBytes }: ColumnReaderOptions = {}) {
    this.exports = instance(module);
    this.memory = Buffer.from(this.exports?.memory.buffer ?? new ArrayBuffer(0));
    this.windowBytes = windowBytes ?? this.exports?.windowBytes() ?? 0;
  }

  /** Whether this machine can run it: there is WebAssembly with SIMD, and memory for it. */
  get isAvailable(): boolean {
    return this.exports !== undefined;
  }

  /**
   * The values of the columns: undefined for a member that a row does not have.
   *
   * @returns lists that together have all rows. Undefined for everything that only JSON.parse can decide about: text that is not a list
   * of objects, malformed text, names with escapes, numbers that may be infinite, very deep values and very long rows.
   */
  read(body: ResponseBody, names: readonly string[]): ColumnValues[] | undefined {
    if (this.exports === undefined) return undefined;
    try {
      if (!this.writeNames(this.exports, names)) return undefined;
      return this.readWindows(this.exports, body, names.length);
    } catch {
      // A trap, or no memory for the values: JSON.parse reads the text, or fails with an error of its own.
      return undefined;
    }
  }

  /** Writes the names of the columns into the module's memory. False if there is no room for them. */
  private writeNames(exports: Exports, names: readonly string[]): boolean {
    if (names.length === 0 || names.length > exports.maxColumns()) return false;
    let slots = this.slotsOf.get(names);
    if (slots === undefined) {
      slots = Buffer.alloc(names.length * NAME_BYTES);
      for (const [index, name] of names.entries()) {
        const quoted = JSON.stringify(name);
        if (Buffer.byteLength(quoted) > exports.maxNameBytes()) return false;
        slots.write(quoted, index * NAME_BYTES);
      }
      this.slotsOf.set(names, slots);
    }
    this.memory.set(slots, exports.names());
    return true;
  }

  private readWindows(exports: Exports, body: ResponseBody, columns: number): ColumnValues[] | undefined {
    const { memory } = this;
    const start = exports.input();
    const lists: ColumnValues[] = [];
    let position = 0;
    /** Bytes at the start of the window that are left from the one before: the beginning of a row. */
    let rest = 0;
    exports.begin(columns);
    while (position < body.length || rest > 0) {
      const copied = body.copyTo(memory.subarray(start + rest, start + this.windowBytes), position);
      if (position === 0 && startsWithMark(memory.subarray(start))) memory.fill(SPACE, start, start + 3);
      position += copied;
      const filled = rest + copied;
      memory.fill(0, start + filled, start + filled + ZEROS);
      const read = exports.read();
      if (read === 0) return undefined;
      if (exports.outputEnd() > exports.outputStart()) lists.push(this.values(exports));
      rest = filled - read;
      if (rest > 0) memory.copyWithin(start, start + read, start + filled);
    }
    return exports.isComplete() ? lists : undefined;
  }

  /** The values that the module has written. */
  private values(exports: Exports): ColumnValues {
    const encoding = exports.isAscii() ? "latin1" : "utf8";
    const values: unknown[] = JSON.parse(this.memory.toString(encoding, exports.outputStart(), exports.outputEnd()));
    return exports.absentMembers() === 0 ? values : values.map((value) => (value === ABSENT ? undefined : value));
  }
}

function instance(module: string): Exports | undefined {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module, "base64"))).exports as Exports;
  } catch {
    return undefined;
  }
}
