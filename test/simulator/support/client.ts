import { onTestFinished } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../src/simulator/simulator.js";
import type { Entity, Row } from "../../../src/upstream/wire/types.js";

/** A response as received. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A simulator for one test, with a plain HTTP client. Stopped when the test ends. */
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

  /** Sends a request, by default as the administrator. */
  async send(endpoint: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<RawResponse> {
    const response = await fetch(`${this.simulator.url}/${endpoint}`, {
      method: "POST",
      headers: { authorization: this.token(), "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      redirect: "manual",
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Sends a request that must succeed. */
  async post<T>(endpoint: string, body: unknown = {}, username = "admin"): Promise<T> {
    const response = await this.send(endpoint, body, { authorization: this.token(username) });
    if (response.status !== 200) throw new Error(`${endpoint} returned ${response.status}: ${response.text}`);
    return JSON.parse(response.text) as T;
  }

  /** Sends a request that must be refused, and returns status, message and code of the error. */
  async refused(
    endpoint: string,
    body: unknown,
    username = "admin",
  ): Promise<{ status: number; message: string; code?: string }> {
    const response = await this.send(endpoint, body, { authorization: this.token(username) });
    if (response.status < 400) throw new Error(`${endpoint} was not refused`);
    const { message, code } = JSON.parse(response.text);
    return { status: response.status, message, ...(code === undefined ? {} : { code }) };
  }

  async vm(name: string): Promise<Row<"Vm">> {
    const [vm] = await this.post<Row<"Vm">[]>("get-vms", { where: { OR: [{ name }, { original_name: name }] } });
    if (vm === undefined) throw new Error(`no VM ${name}`);
    return vm;
  }

  async list<E extends Entity>(_entity: E, path: string, body: unknown = {}, username = "admin"): Promise<Row<E>[]> {
    return this.post<Row<E>[]>(`get-${path}`, body, username);
  }

  async task(id: string | null | undefined): Promise<Row<"Task"> | undefined> {
    return (await this.list("Task", "tasks", { where: { id } }))[0];
  }

  /** Starts a snapshot and returns its id and the id of its task. */
  async snapshot(vm: { id: string }, name: string, more: object = {}): Promise<{ id: string; taskId: string }> {
    const body = { data: [{ vm_id: vm.id, name, ...more }] };
    const [item] = await this.post<{ task_id: string; data: { id: string } }[]>("create-vm-snapshot", body);
    if (item === undefined) throw new Error("create-vm-snapshot returned no item");
    return { id: item.data.id, taskId: item.task_id };
  }

  async snapshotRow(id: string): Promise<Row<"VmSnapshot"> | undefined> {
    return (await this.list("VmSnapshot", "vm-snapshots", { where: { id } }))[0];
  }
}
