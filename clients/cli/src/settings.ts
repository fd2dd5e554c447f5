import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "./failures.js";

/** What `towerql login` stores. */
export interface Settings {
  readonly url?: string;
  readonly token?: string;
}

/** Where it is stored: below XDG_CONFIG_HOME, which is ~/.config unless it is set. */
export function settingsFile(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "towerql", "settings.json");
}

/** What was stored; nothing if nothing was. @throws UsageError if the file cannot be read. */
export function loadSettings(): Settings {
  const file = settingsFile();
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Settings;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}. Run "towerql login" to write it anew.`);
  }
}

/** Stores them where only their owner can read them. */
export function saveSettings(settings: Settings): void {
  const file = settingsFile();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
}
