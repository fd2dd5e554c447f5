#!/usr/bin/env node
/** `npm run simulator`: a simulator that runs alone, until it is stopped. */
import { Command, InvalidArgumentError } from "commander";
import { contractVersion } from "../upstream/wire/contract.js";
import { type Simulator, startSimulator } from "./simulator.js";

const options = new Command("simulator")
  .description("A simulated SmartX CloudTower with an inventory of its own, for trying and testing.")
  .option("--port <port>", "port to listen on; 0 takes any free one", whole, 8080)
  .option("--host <host>", "address to listen on; there is no encryption", "127.0.0.1")
  .option("--vms <count>", "how many VMs the inventory has", whole, 40)
  .option("--seed <seed>", "another seed gives another inventory", whole, 1)
  .option("--task-seconds <seconds>", "how long a task takes", positive, 4)
  .option("--api-version <version>", "which CloudTower to play", contractVersion)
  .parse()
  .opts<{ port: number; host: string; vms: number; seed: number; taskSeconds: number; apiVersion: string }>();

try {
  const simulator = await startSimulator(options);
  print(simulator);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void simulator.stop());
} catch (error) {
  console.error(`simulator: ${(error as Error).message}`);
  process.exitCode = 1;
}

function print({ url, users }: Simulator): void {
  console.log(`Simulated CloudTower ${options.apiVersion} with ${options.vms} VMs: ${url}`);
  console.log(`Switches for faults and time: ${new URL("/simulator", url)}`);
  for (const { username, password, source, token, description } of users) {
    console.log(`  ${username} / ${password} (${source}): ${description}\n    Authorization: ${token}`);
  }
  console.log("Stop it with Ctrl+C.");
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("expected a whole number of 0 or more.");
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw new InvalidArgumentError("expected a number of 0 or more.");
  return value;
}
