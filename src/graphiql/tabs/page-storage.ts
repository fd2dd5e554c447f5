/** What the page needs of a browser's storage. */
export interface TextStorage {
  readonly length: number;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  clear(): void;
}

/**
 * GraphiQL's storage: everything in the tab's session, and all but headers also in the browser's lasting storage, from which the next
 * session starts. Headers may hold tokens, and GraphiQL writes them into its tabs and its history, whatever its settings say: here
 * they are taken out of every value on its way to the disk.
 */
export class PageStorage implements TextStorage {
  constructor(
    private readonly session: TextStorage,
    private readonly lasting: TextStorage,
  ) {}

  get length(): number {
    return this.session.length;
  }

  getItem(key: string): string | null {
    return this.session.getItem(key) ?? this.lasting.getItem(key);
  }

  /** @throws DOMException if the session's storage is full; a lasting storage that is full or forbidden only remembers less. */
  setItem(key: string, value: string): void {
    this.session.setItem(key, value);
    const kept = withoutHeaders(key, value);
    try {
      if (kept === undefined) this.lasting.removeItem(key);
      else this.lasting.setItem(key, kept);
    } catch {
      // The session has it.
    }
  }

  removeItem(key: string): void {
    this.session.removeItem(key);
    this.lasting.removeItem(key);
  }

  /** Removes what GraphiQL stored; the token stays. */
  clear(): void {
    for (const storage of [this.session, this.lasting]) {
      for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
    }
  }
}

const PREFIX = "graphiql:";

/** The value without headers at any depth; undefined if it is nothing but headers. */
export function withoutHeaders(key: string, value: string): string | undefined {
  if (/headers/i.test(key)) return undefined;
  if (!/headers/i.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), (name, part) => (/^headers$/i.test(name) ? null : part));
  } catch {
    // A document or variables that mention headers: plain text, in which GraphiQL puts none.
    return value;
  }
}
