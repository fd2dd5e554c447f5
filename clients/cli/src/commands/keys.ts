import { createHash, randomBytes } from "node:crypto";
import type { Command } from "commander";
import { printJson } from "../output.js";

/** Of the key, from a source fit for secrets: so many cannot be guessed, and their hash need not be slow. */
const KEY_BYTES = 32;
/** By which scanners for leaked secrets find a key. */
const PREFIX = "towerql_";

/** Adds `towerql keys new`. */
export function addKeys(program: Command): void {
  program
    .command("keys")
    .description("API keys of a gateway in service mode.")
    .command("new")
    .description(
      "Make a key: 256 random bits. The client keeps the key, the gateway's CLIENTS_FILE has only its SHA-256.",
    )
    .addHelpText("after", "\nNothing is stored or sent. The key is shown once.")
    .action((_: object, command: Command) => {
      const key = `${PREFIX}${randomBytes(KEY_BYTES).toString("base64url")}`;
      const keySha256 = createHash("sha256").update(key).digest("hex");
      if (command.optsWithGlobals<{ json?: boolean }>().json) printJson({ key, keySha256 });
      else console.log(`key        ${key}\nkeySha256  ${keySha256}`);
    });
}
