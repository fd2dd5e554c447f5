#!/usr/bin/env node
import { Command } from "commander";
import { addEvents } from "./commands/events.js";
import { addGraph } from "./commands/graph.js";
import { addKeys } from "./commands/keys.js";
import { addLogin } from "./commands/login.js";
import { addOrphans } from "./commands/orphans.js";
import { addPlan } from "./commands/plan.js";
import { addProtection } from "./commands/protection.js";
import { addSnapshot } from "./commands/snapshot.js";
import { addVms } from "./commands/vms.js";
import { addCompletion } from "./completion.js";
import { exitCodeOf, messageOf } from "./failures.js";

const program = new Command("towerql")
  .description("VMs, their snapshots and their data on ZBS, through a TowerQL gateway.")
  .option("--url <url>", "address of the gateway's endpoint; else TOWERQL_URL, or what `towerql login` stored")
  .option("--json", "print JSON, for programs")
  .showHelpAfterError()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    "after",
    `
Begin:
  towerql login --url https://towerql.example/graphql
  towerql vms
  towerql graph web-prod-01
  towerql snapshot create web-prod-01 --name nightly-1 --wait

A VM is named by its name or its id, a snapshot by its id. The credential is TOWERQL_TOKEN, or what \`towerql login\` stored.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the gateway cannot be reached, 4 a write may have been done: run the same
command again (but not \`snapshot restore\`: see its help), 5 VMs as in --fail-on were found, 130 interrupted: a write that was sent
may still be done.`,
  );
for (const add of [addVms, addGraph, addSnapshot, addOrphans, addPlan, addProtection, addEvents, addLogin, addKeys])
  add(program);
addCompletion(program);

try {
  await program.parseAsync();
} catch (error) {
  const message = messageOf(error);
  if (message !== undefined) console.error(message);
  process.exitCode = exitCodeOf(error);
}
