import type { TextStorage } from "../tabs/page-storage.js";

const KEY = "towerql:token";

/** The credential of this browser tab. It is in no URL and on no disk: it goes when the browser tab is closed. */
export class Session {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly storage: Pick<TextStorage, "getItem" | "setItem" | "removeItem">) {}

  /** What is sent as Authorization; undefined if nothing is. */
  get token(): string | undefined {
    return this.storage.getItem(KEY) ?? undefined;
  }

  /** Uses another credential from now on, or none. */
  use(token: string | undefined): void {
    if (token === undefined || token.trim() === "") this.storage.removeItem(KEY);
    else this.storage.setItem(KEY, token.trim());
    for (const listener of this.listeners) listener();
  }

  /** Calls the listener after each change. Returns how to end that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
