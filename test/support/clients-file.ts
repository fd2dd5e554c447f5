import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A client to define: its key is its name, if none is given. */
export interface TestClient {
  readonly name: string;
  readonly role: string;
  readonly key?: string;
  readonly expires?: string;
}

/** A file of clients, until the test is finished. */
export function clientsFile(clients: readonly TestClient[]) {
  const folder = mkdtempSync(join(tmpdir(), "towerql-clients-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "clients.json");
  const define = (defined: readonly TestClient[]) => {
    const entries = defined.map(({ key, ...client }) => ({ ...client, keySha256: sha256(key ?? client.name) }));
    writeFileSync(path, JSON.stringify(entries));
  };
  define(clients);
  return {
    path,
    /** Writes other clients. */
    define,
    /** Settings of service mode with these clients, over the simulator. */
    env: {
      ...{ AUTH_MODE: "service", CLIENTS_FILE: path },
      ...{ CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass" },
    },
  };
}

/** As an operator writes it into the file. */
export function sha256(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
