import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { start, URL_LINE } from "./support/process.js";

const RESTORE = `mutation($input: RestoreDiskInput!) { restoreDisk(input: $input) {
  volume { cloudTowerId } duplicates { cloudTowerId } replacedVolume { cloudTowerId } state done errors { code message } } }`;

interface Restored {
  readonly volume: { readonly cloudTowerId: string } | null;
  readonly state: string;
  readonly done: boolean;
}

/** Where the gateway is killed, and what CloudTower then has: volumes of the name, and whether the VM has the new and the old one. */
const CRASHES = [
  { write: "rebuild-vm-volume", isDone: false, left: { volumes: 0, attached: ["old"] }, sent: [2, 1, 1] },
  { write: "rebuild-vm-volume", isDone: true, left: { volumes: 1, attached: ["old"] }, sent: [1, 1, 1] },
  { write: "add-vm-disk", isDone: false, left: { volumes: 1, attached: ["old"] }, sent: [1, 2, 1] },
  { write: "add-vm-disk", isDone: true, left: { volumes: 1, attached: ["new", "old"] }, sent: [1, 1, 1] },
  { write: "remove-vm-disk", isDone: false, left: { volumes: 1, attached: ["new", "old"] }, sent: [1, 1, 2] },
  { write: "remove-vm-disk", isDone: true, left: { volumes: 1, attached: ["new"] }, sent: [1, 1, 1] },
] as const;
const WRITES = ["rebuild-vm-volume", "add-vm-disk", "remove-vm-disk"];

test("a gateway that is killed at any step of a replacement leaves a state that the next one completes", async () => {
  const simulator = await startSimulator({ taskSeconds: 0 });
  onTestFinished(() => simulator.stop());
  const { control, faults, calls } = simulator;
  const token = simulator.users[0]?.token ?? "";
  const vm = String(control.rows("Vm", { name: "web-prod-01" })[0]?.id);
  control.patch("Vm", vm, { status: "STOPPED" });
  const idOf = (stub: unknown) => (stub as { id: string } | null)?.id ?? "";
  const attached = () =>
    control
      .rows("VmDisk", { vm: { id: vm }, type: "DISK" })
      .toSorted((a, b) => Number(a.boot) - Number(b.boot))
      .map((row) => idOf(row.vm_volume));
  const headers = { "content-type": "application/json", authorization: token };
  const taken = await fetch(`${simulator.url}/create-vm-snapshot`, {
    method: "POST",
    headers,
    body: JSON.stringify({ data: [{ vm_id: vm, name: "s" }] }),
  });
  const [{ data }] = (await taken.json()) as [{ data: { id: string } }];
  simulator.advance(1_000);
  const [first, ...others] = attached();
  const disk = control.row("VmVolume", first ?? "")?.local_id;
  const startGateway = () =>
    start({ PORT: "0", CLOUDTOWER_URL: simulator.url, LOG_LEVEL: "info", TASK_POLL_QUICK_MS: "20" });
  const restore = async (url: string, input: object): Promise<Restored> => {
    const body = JSON.stringify({ query: RESTORE, variables: { input } });
    const response = await fetch(`${url}/graphql`, { method: "POST", headers, body });
    const result = (await response.json()) as { data: { restoreDisk: Restored } };
    return result.data.restoreDisk;
  };

  let old = first ?? "";
  let gateway = startGateway();
  let [, url = ""] = await gateway.printed(URL_LINE);
  for (const [index, { write, isDone, left, sent }] of CRASHES.entries()) {
    const situation = `${write}, ${isDone ? "done" : "not done"}`;
    const name = `restored-${index}`;
    const input = { snapshotId: data.id, disk, name, to: { replace: { vmId: vm, volumeId: old } } };
    calls.clear();
    faults.add({
      operation: write,
      times: 1,
      effect: isDone ? { kind: "hold", until: new Promise(() => {}) } : { kind: "hang" },
    });
    const received = calls.next(write);
    const dying = restore(url, input).catch(() => "died");
    await received;
    gateway.child.kill("SIGKILL");
    expect(await dying).toBe("died");
    await gateway.ended;
    faults.clear();
    // Tasks end when a request arrives.
    await fetch(`${simulator.url}/get-version`);

    const volumes = control.rows("VmVolume", { name }).map(({ id }) => String(id));
    const named = new Map([[old, "old"], ...volumes.map((id) => [id, "new"] as const)]);
    const shown = attached().flatMap((id) => named.get(id) ?? []);
    expect({ volumes: volumes.length, attached: shown }, situation).toEqual(left);

    gateway = startGateway();
    [, url = ""] = await gateway.printed(URL_LINE);
    const completed = await restore(url, input);
    expect(completed, situation).toMatchObject({
      state: "REPLACED",
      done: true,
      duplicates: [],
      replacedVolume: { cloudTowerId: old },
    });
    expect(
      WRITES.map((one) => calls.count(one)),
      situation,
    ).toEqual(sent);
    expect(attached(), situation).toEqual([completed.volume?.cloudTowerId, ...others]);
    expect(control.row("VmVolume", old), situation).toBeDefined();
    old = completed.volume?.cloudTowerId ?? "";
  }
}, 60_000);
