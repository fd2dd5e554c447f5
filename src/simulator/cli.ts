#!/usr/bin/env node
// `npm run simulator`: runs a simulator in the foreground until SIGINT or SIGTERM.
import { Command, InvalidArgumentError } from "commander";
import { contractVersion } from "../upstream/wire/contract.js";
import { type Simulator, startSimulator } from "./simulator.js";

const options = new Command("simulator")
  .description("A simulated SmartX CloudTower with generated inventory, for demos and tests.")
  .option("--port <port>", "port to listen on; 0 for any free port", integer, 8080)
  .option("--host <host>", "address to listen on, without TLS", "127.0.0.1")
  .option("--vms <count>", "number of VMs", integer, 40)
  .option("--seed <seed>", "seed of the random inventory", integer, 1)
  .option("--task-seconds <seconds>", "duration of a task, in seconds", nonNegative, 4)
  .option("--activity <per-minute>", "number of actions of other users per minute", nonNegative, 0)
  .option("--plan-seconds <seconds>", "a plan takes snapshots every so many seconds; 0 for no plan", nonNegative, 0)
  .option("--api-version <version>", "CloudTower version to simulate", contractVersion)
  .parse()
  .opts<{
    port: number;
    host: string;
    vms: number;
    seed: number;
    taskSeconds: number;
    activity: number;
    planSeconds: number;
    apiVersion: string;
  }>();

try {
  const { activity: perMinute, planSeconds, ...others } = options;
  const simulator = await startSimulator({ ...others, activity: { perMinute, planSeconds } });
  print(simulator);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void simulator.stop());
} catch (error) {
  console.error(`simulator: ${(error as Error).message}`);
  process.exitCode = 1;
}

function print({ url, users }: Simulator): void {
  console.log(`Simulated CloudTower ${options.apiVersion} with ${options.vms} VMs: ${url}`);
  console.log(`Control API: ${new URL("/simulator", url)}`);
  for (const { username, password, source, token, description } of users) {
    console.log(`  ${username} / ${password} (${source}): ${description}\n    Authorization: ${token}`);
  }
  console.log("Press Ctrl+C to stop.");
}

function integer(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Must be an integer of 0 or more.");
  return Number(text);
}

function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw new InvalidArgumentError("Must be a number of 0 or more.");
  return value;
}
