import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { createClient } from "@towerql/client";
import type { Command } from "commander";
import { UsageError } from "../failures.js";
import { saveSettings, settingsFile } from "../settings.js";

interface Gateway {
  readonly gateway: { readonly version: string; readonly simulated: boolean; readonly upstreamVersion: string | null };
}

/** Adds `towerql login`. */
export function addLogin(program: Command): void {
  program
    .command("login")
    .description("Store the address of a gateway and a credential for it, after trying them.")
    .addHelpText(
      "after",
      "\nThe credential is a CloudTower token or API key, or a key of the gateway. It is asked for on a terminal, and read\nfrom standard input elsewhere. An empty one is for a gateway that needs none.",
    )
    .action(async (_: object, command: Command) => {
      const url = command.optsWithGlobals<{ url?: string }>().url ?? process.env.TOWERQL_URL;
      if (url === undefined) throw new UsageError("Give --url, such as --url https://towerql.example/graphql.");
      if (!URL.canParse(url)) throw new UsageError(`"${url}" is no address.`);
      const token = (await askToken()).trim();
      const client = createClient({ url, patienceSeconds: 5, ...(token && { token }) });
      const { gateway } = await client.query<Gateway>(
        "{ gateway { version simulated upstreamVersion } vms(first: 1) { totalCount } }",
      );
      saveSettings({ url, ...(token && { token }) });
      const tower = gateway.simulated ? "a simulated CloudTower" : `CloudTower ${gateway.upstreamVersion ?? ""}`.trim();
      console.log(`TowerQL ${gateway.version} with ${tower}. Stored in ${settingsFile()}.`);
    });
}

/** A line that is not shown while it is typed. */
async function askToken(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Token: ");
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden, terminal: process.stdin.isTTY });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
    if (process.stdin.isTTY) process.stderr.write("\n");
  }
}
