/** Options for `Inbox`. */
export interface InboxOptions {
  /** Takes a turn on the event loop for a message; undefined if it may be handled immediately. */
  readonly takeTurn: (text: string) => Promise<void> | undefined;
  /** Whether messages must wait; call `wake` when they need not any longer. */
  readonly isBusy: () => boolean;
  readonly handle: (text: string) => void;
  /** Called when `bytes` has changed. */
  readonly onChange: () => void;
}

/** Messages of one WebSocket, which are handled in order, each in the turn of its client. Lives as long as the socket. */
export class Inbox {
  private texts: string[] = [];
  private held = 0;
  private isHandling = false;

  constructor(private readonly options: InboxOptions) {}

  /** Size of the messages that wait; 0 if none does. */
  get bytes(): number {
    return this.held;
  }

  /** Handles a message, at the latest when the earlier ones have been handled and its turn has come. */
  add(text: string): void {
    const { takeTurn, isBusy, handle } = this.options;
    const isNext = this.texts.length === 0 && !this.isHandling && !isBusy();
    const turn = isNext ? takeTurn(text) : undefined;
    if (isNext && turn === undefined) {
      handle(text);
      return;
    }
    this.texts.push(text);
    this.held += MESSAGE_BYTES + text.length;
    this.options.onChange();
    if (isNext) void this.handleAll(turn);
  }

  /** Call when the connection is no longer busy. */
  wake(): void {
    if (this.texts.length > 0 && !this.isHandling) void this.handleAll(undefined);
  }

  /** Forgets what waits. */
  close(): void {
    this.texts = [];
    this.held = 0;
  }

  private async handleAll(firstTurn: Promise<void> | undefined): Promise<void> {
    const { takeTurn, isBusy, handle, onChange } = this.options;
    this.isHandling = true;
    let turn = firstTurn;
    while (turn !== undefined || (this.texts.length > 0 && !isBusy())) {
      turn ??= takeTurn(this.texts[0] as string);
      if (turn !== undefined) await turn;
      turn = undefined;
      const text = this.texts.shift();
      if (text === undefined) break;
      this.held -= MESSAGE_BYTES + text.length;
      handle(text);
      onChange();
    }
    this.isHandling = false;
  }
}

/** Weight of a message apart from its text. */
const MESSAGE_BYTES = 64;
