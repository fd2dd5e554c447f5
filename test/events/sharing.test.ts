import { expect, test } from "vitest";
import { follow, startFeed } from "./support/follow.js";

test("subscribers of one credential cost two lists a tick, and the selection of an event is resolved once for each document", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 }, env: { TASK_POLL_SLOW_MS: "600" } });
  const { calls } = gateway.simulator;
  const client = gateway.socket();
  const nested = "cursor id kind taskId task { cloudTowerId status cluster { name vmCount } }";
  const same = Array.from({ length: 40 }, () => follow(gateway, "taskEvents", { client, fields: nested }));
  const others = Array.from({ length: 3 }, () => follow(gateway, "vmSnapshotEvents", { client }));
  await Promise.all([...same, ...others].map((stream) => stream.count(1)));
  await calls.next("get-tasks");
  await calls.next("get-vm-snapshots");
  calls.clear();
  const lists = () => [calls.count("get-tasks"), calls.count("get-vm-snapshots")];
  for (let tick = 0; tick < 3; tick += 1) await calls.next("get-vm-snapshots");
  expect(Math.max(...lists())).toBeLessThanOrEqual(4);

  calls.clear();
  gateway.simulator.control.insert("Task", {
    ...{ status: "SUCCESSED", args: {}, cluster: gateway.simulator.control.rows("Cluster")[0]?.id },
    ...{ finished_at: new Date().toISOString(), local_created_at: new Date().toISOString() },
  });
  await Promise.all(same.map((stream) => expect.poll(() => stream.told.length).toBe(1)));
  expect(calls.count("get-clusters")).toBe(1);
  expect(new Set(same.map((stream) => JSON.stringify(stream.events))).size).toBe(1);
});

test("a failing selection reports its error with the cursor, and the stream goes on", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 }, env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const { control, faults } = gateway.simulator;
  const fields = "cursor id kind taskId task { cluster { name vmCount } }";
  const stream = follow(gateway, "taskEvents", { fields });
  await stream.count(1);
  const end = () =>
    control.insert("Task", {
      ...{ status: "SUCCESSED", args: {}, cluster: control.rows("Cluster")[0]?.id },
      ...{ finished_at: new Date().toISOString(), local_created_at: new Date().toISOString() },
    });
  faults.add({ operation: "get-clusters", times: 1, effect: { kind: "status", status: 500 } });
  const first = end();
  await stream.count(2);
  expect(stream.received[1]).toMatchObject({
    errors: [{ extensions: { code: "UPSTREAM_ERROR" } }],
    data: { taskEvents: { taskId: first, task: { cluster: null } } },
    extensions: { cursor: expect.any(String) },
  });
  const second = end();
  await stream.count(3);
  expect(stream.told).toEqual([`ENDED ${first}`, `ENDED ${second}`]);
});

test("a caller is told only of what it may see, and callers share nothing", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 } });
  const [admin, operator] = gateway.simulator.users;
  const own = gateway.socket({ Authorization: operator?.token });
  const streams = [follow(gateway, "taskEvents"), follow(gateway, "taskEvents", { client: own })];
  await Promise.all(streams.map((stream) => stream.count(1)));
  const seen = await gateway.data<{ vms: { nodes: { cloudTowerId: string }[] } }>(
    "{ vms(first: 1000) { nodes { cloudTowerId } } }",
    {},
    { authorization: operator?.token ?? "" },
  );
  const visible = new Set(seen.vms.nodes.map(({ cloudTowerId }) => cloudTowerId));
  const hidden = gateway.simulator.control
    .rows("Vm", { in_recycle_bin: false })
    .find(({ id }) => !visible.has(String(id)));
  const secret = await gateway.create({ vmId: String(hidden?.id), name: "secret" });
  const shared = await gateway.create({ vmId: [...visible][0], name: "shared" });
  const ids = [secret, shared].map(({ task }) => `ENDED ${task?.cloudTowerId}`);
  await expect.poll(() => streams[0]?.told).toEqual(ids);
  await expect.poll(() => streams[1]?.told).toEqual(ids.slice(1));
  expect(admin?.token).not.toBe(operator?.token);

  const resumed = follow(gateway, "taskEvents", { client: own, after: streams[0]?.cursor });
  await resumed.count(1);
  expect(resumed.told).not.toContain(ids[0]);
});

test("events are filtered by what their rows say; the deletion of an unknown snapshot is told rather than withheld", async () => {
  const gateway = await startFeed({ simulator: { taskSeconds: 0 } });
  const [web, appliance] = [gateway.vmId("web-prod-01"), gateway.vmId("appliance")];
  const first = await gateway.create({ vmId: appliance, name: "before" });
  await gateway.data("query($id: ID!) { vmSnapshot(id: $id) { id } }", { id: first.snapshot?.cloudTowerId });
  const client = gateway.socket();
  const tasks = (filter: object) => follow(gateway, "taskEvents", { client, filter });
  const snapshots = (filter: object) => follow(gateway, "vmSnapshotEvents", { client, filter });
  const [byVm, byMutation, failed, neither] = [
    tasks({ vm: { id: { eq: `Vm:${web}` } } }),
    tasks({ resourceMutation: { eq: "createVmSnapshot" }, kind: { eq: "ENDED" } }),
    tasks({ status: { eq: "FAILED" } }),
    tasks({ not: [{ status: { in: ["SUCCEEDED", "FAILED", "EXECUTING", "PENDING"] } }] }),
  ];
  const [ready, named, ofVm] = [
    snapshots({ kind: { in: ["READY", "FAILED"] } }),
    snapshots({ name: { startsWith: "night-" }, consistency: { eq: "CRASH_CONSISTENT" } }),
    snapshots({ or: [{ vm: { name: { eq: "web-prod-01" } } }, { labels: { some: { key: { eq: "none" } } } }] }),
  ];
  const all = [byVm, byMutation, failed, neither, ready, named, ofVm];
  await Promise.all(all.map((stream) => stream.count(1)));
  const one = await gateway.create({ vmId: web, name: "night-1" });
  const two = await gateway.create({ vmId: appliance, name: "day-1" });
  const [a, b] = [one.snapshot?.cloudTowerId, two.snapshot?.cloudTowerId];
  await expect.poll(() => ready?.told.sort()).toEqual([`READY ${a}`, `READY ${b}`].sort());
  await expect.poll(() => named?.told).toEqual([`CREATED ${a}`, `READY ${a}`]);
  await expect.poll(() => ofVm?.told).toEqual([`CREATED ${a}`, `READY ${a}`]);
  await expect.poll(() => byVm?.told).toEqual([`ENDED ${one.task?.cloudTowerId}`]);
  await expect.poll(() => byMutation?.told.length).toBe(2);

  gateway.simulator.control.insert("Task", {
    ...{ status: "SUCCESSED", resource_mutation: "DELETE_VM_SNAPSHOT", resource_type: "VmSnapshot", args: {} },
    ...{ resource_id: "unknown", finished_at: new Date().toISOString(), local_created_at: new Date().toISOString() },
  });
  await expect.poll(() => ofVm?.told.at(-1)).toBe("DELETED unknown");
  expect(ofVm?.events.at(-1)).toMatchObject({ snapshot: null });
  await gateway.data(`mutation { deleteVmSnapshots(input: { ids: ["${b}"] }) { results { errors { code } } } }`);
  await gateway.data(`mutation { deleteVmSnapshots(input: { ids: ["${a}"] }) { results { errors { code } } } }`);
  await expect.poll(() => ofVm?.told.at(-1)).toBe(`DELETED ${a}`);
  expect(ofVm?.told).not.toContain(`DELETED ${b}`);
  expect([failed?.told, neither?.told]).toEqual([[], []]);
});
