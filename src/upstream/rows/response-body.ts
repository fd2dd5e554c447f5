/** The bytes of a response, in the pieces in which they arrived. */
export class ResponseBody {
  /** Number of bytes. */
  readonly length: number;

  constructor(private readonly pieces: readonly Uint8Array[]) {
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** The text, without a byte order mark. Malformed UTF-8 is replaced. */
  get text(): string {
    const { pieces, length } = this;
    const bytes = Buffer.concat(pieces, length);
    return bytes.toString("utf8", startsWithMark(bytes) ? 3 : 0);
  }

  /** The parsed text. @throws SyntaxError */
  json(): unknown {
    return JSON.parse(this.text);
  }

  /** Copies the bytes from a position on, as many as the target has room for. @returns their number. */
  copyTo(target: Uint8Array, position: number): number {
    let copied = 0;
    let pieceStart = 0;
    for (const piece of this.pieces) {
      const start = position + copied - pieceStart;
      if (start < piece.length) {
        const part = piece.subarray(start, start + target.length - copied);
        target.set(part, copied);
        copied += part.length;
        if (copied === target.length) break;
      }
      pieceStart += piece.length;
    }
    return copied;
  }
}

/** Whether bytes start with the byte order mark of UTF-8. */
export function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
