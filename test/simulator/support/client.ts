/** A simulator for one test and a plain HTTP client for it. */
import { onTestFinished } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator/simulator.js";
import type { Entity, Row } from "../../../src/upstream/wire/types.js";

/** An answer as it came. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A simulator with the calls that tests make; stopped when the test ends. */
export class Client {
  private constructor(readonly simulator: Simulator) {}

  static async open(options: SimulatorOptions = {}): Promise<Client> {
    const simulator = await startSimulator(options);
    onTestFinished(() => simulator.stop());
    return new Client(simulator);
  }

  /** The token of a user by name. */
  token(username = "admin"): string {
    return this.simulator.users.find((user) => user.username === username)?.token ?? "";
  }

  /** Sends a request as the administrator, unless the headers say otherwise. */
  async send(operation: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(`${this.simulator.url}/${operation}`, {
      method: "POST",
      headers: { authorization: this.token(), "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      redirect: "manual",
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Sends a request that must succeed. */
  async post<T>(operation: string, body: unknown = {}, username = "admin"): Promise<T> {
    const reply = await this.send(operation, body, { authorization: this.token(username) });
    if (reply.status !== 200) throw new Error(`${operation} answered ${reply.status}: ${reply.text}`);
    return JSON.parse(reply.text) as T;
  }

  /** Sends a request that must be refused, and gives its status and message. */
  async refused(
    operation: string,
    body: unknown,
    username = "admin",
  ): Promise<{ status: number; message: string; code?: string }> {
    const reply = await this.send(operation, body, { authorization: this.token(username) });
    if (reply.status < 400) throw new Error(`${operation} was not refused`);
    const { message, code } = JSON.parse(reply.text);
    return { status: reply.status, message, ...(code === undefined ? {} : { code }) };
  }

  async vm(name: string): Promise<Row<"Vm">> {
    const [vm] = await this.post<Row<"Vm">[]>("get-vms", { where: { name } });
    if (vm === undefined) throw new Error(`no VM ${name}`);
    return vm;
  }

  async list<E extends Entity>(_entity: E, path: string, body: unknown = {}, username = "admin"): Promise<Row<E>[]> {
    return this.post<Row<E>[]>(`get-${path}`, body, username);
  }

  async task(id: string | null | undefined): Promise<Row<"Task"> | undefined> {
    return (await this.list("Task", "tasks", { where: { id } }))[0];
  }

  /** Starts a snapshot and gives its id and its task's. */
  async snapshot(vm: { id: string }, name: string, more: object = {}): Promise<{ id: string; taskId: string }> {
    const body = { data: [{ vm_id: vm.id, name, ...more }] };
    const [item] = await this.post<{ task_id: string; data: { id: string } }[]>("create-vm-snapshot", body);
    if (item === undefined) throw new Error("create-vm-snapshot answered nothing");
    return { id: item.data.id, taskId: item.task_id };
  }

  async snapshotRow(id: string): Promise<Row<"VmSnapshot"> | undefined> {
    return (await this.list("VmSnapshot", "vm-snapshots", { where: { id } }))[0];
  }
}
