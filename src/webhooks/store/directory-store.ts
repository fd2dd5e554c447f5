import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseState, snapshotLine } from "./state-log.js";
import { changed, FRESH_STATE, type StateChange, type WebhookState } from "./webhook-state.js";
import { WebhookStateError, type WebhookStore } from "./webhook-store.js";

const MAX_CHANGES = 5_000;

interface OpenFile {
  readonly handle: FileHandle;
  /** Tells the file from one that has replaced it. */
  readonly inode: bigint;
  state: WebhookState;
  /** Changes since the file was written anew. */
  changes: number;
  /** Bytes that are known to be whole lines. */
  bytes: number;
}

/**
 * States in a directory: one file per webhook, `<name>.jsonl`, of a snapshot and the changes since then, a line each.
 *
 * A snapshot replaces the file by a rename, and a change is one line that is flushed to the disk: a process that dies leaves at most a
 * line without its end, which is dropped. Anything else that cannot be read is an error, never an empty state.
 *
 * Whoever loads a state replaces its file. A process whose file was replaced or removed records nothing more: of several that use the
 * directory by mistake, only the last one delivers.
 */
export class DirectoryStore implements WebhookStore {
  private readonly files = new Map<string, OpenFile>();
  private readonly folder: string;

  private constructor(
    directory: string,
    private readonly maxChanges: number,
  ) {
    this.folder = join(directory, "webhooks");
  }

  /**
   * Opens the directory, which is created if necessary.
   *
   * @param options.maxChanges a file is written anew after this many changes. @default 5000
   * @throws WebhookStateError if it cannot be written.
   */
  static async open(directory: string, { maxChanges = MAX_CHANGES } = {}): Promise<DirectoryStore> {
    const store = new DirectoryStore(directory, maxChanges);
    try {
      await mkdir(store.folder, { recursive: true, mode: 0o700 });
      await access(store.folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new WebhookStateError(
        `STATE_DIR must be the path of a directory that can be written: ${(error as Error).message}.`,
      );
    }
    return store;
  }

  async read(name: string): Promise<WebhookState> {
    return this.files.get(name)?.state ?? (await this.readFile(name));
  }

  async load(name: string): Promise<WebhookState> {
    const known = this.files.get(name);
    if (known !== undefined) return known.state;
    const state = await this.readFile(name);
    this.files.set(name, await this.writeAnew(name, state));
    return state;
  }

  async record(name: string, change: StateChange): Promise<WebhookState> {
    const file = this.files.get(name);
    if (file === undefined) throw new Error(`the state of ${name} has not been loaded`);
    await this.checkOwned(name, file);
    const line = Buffer.from(`${JSON.stringify(change)}\n`);
    try {
      await writeAll(file, line);
      await file.handle.datasync();
    } catch (error) {
      // What was written of the line must not come before the next one.
      await file.handle.truncate(file.bytes).catch(() => {});
      throw error;
    }
    file.bytes += line.length;
    file.state = changed(file.state, change);
    file.changes += 1;
    if (file.changes >= this.maxChanges) await this.compact(name, file);
    return file.state;
  }

  async close(): Promise<void> {
    const files = [...this.files.values()];
    this.files.clear();
    for (const { handle } of files) await handle.close();
  }

  private async checkOwned(name: string, { inode }: OpenFile): Promise<void> {
    const path = this.pathOf(name);
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    if (found?.ino === inode) return;
    throw new WebhookStateError(
      `The state file ${path} was replaced or removed: another gateway uses STATE_DIR. This one delivers nothing more. Stop one of them, then restart the other.`,
    );
  }

  /** The changes are safe already: if the file cannot be written anew, it goes on growing until it can. */
  private async compact(name: string, file: OpenFile): Promise<void> {
    const replacement = await this.writeAnew(name, file.state).catch(() => undefined);
    if (replacement === undefined) return;
    this.files.set(name, replacement);
    await file.handle.close();
  }

  private pathOf(name: string): string {
    return join(this.folder, `${name}.jsonl`);
  }

  private async readFile(name: string): Promise<WebhookState> {
    const path = this.pathOf(name);
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return FRESH_STATE;
      throw new WebhookStateError(`STATE_DIR has a file that cannot be read: ${(error as Error).message}.`);
    }
    // A last line without its end is what a process left that died while it wrote.
    return parseState(text.split("\n").slice(0, -1), {
      damaged: `STATE_DIR has a damaged file, ${path}`,
      unit: "file",
    });
  }

  private async writeAnew(name: string, state: WebhookState): Promise<OpenFile> {
    const path = this.pathOf(name);
    const temporary = `${path}.new`;
    await rm(temporary, { force: true });
    const handle = await open(temporary, "ax", 0o600);
    const { ino: inode } = await handle.stat({ bigint: true });
    const file = { handle, inode, state, changes: 0, bytes: 0 };
    try {
      const lines = Buffer.from(`${snapshotLine(state)}\n`);
      await writeAll(file, lines);
      file.bytes = lines.length;
      await handle.datasync();
      await rename(temporary, path);
      await this.syncFolder();
    } catch (error) {
      await handle.close();
      throw error;
    }
    return file;
  }

  /** Makes the rename itself survive a power failure, where the file system can do that. It has been done either way. */
  private async syncFolder(): Promise<void> {
    const folder = await open(this.folder, "r").catch(() => undefined);
    await folder?.sync().catch(() => {});
    await folder?.close();
  }
}

async function writeAll({ handle }: OpenFile, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written)).bytesWritten;
  }
}
