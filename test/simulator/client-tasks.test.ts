import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { Client } from "./support/client.js";

const description = { "en-US": "Back up", "zh-CN": "备份" };

test("a client can create tasks of its own, and update them", async () => {
  const client = await Client.open({ vms: 1 });
  const user_id = client.simulator.control.rows("User")[0]?.id;
  const task = { user_id, description, resource_mutation: "backupVm", resource_type: "Vm", resource_id: "any" };

  const [made] = await client.post<[{ task_id: null; data: { id: string } }]>("create-task", [task]);
  const where = { id: made.data.id };
  await client.post("update-task", { where, data: { status: "SUCCESSED", progress: 1 } });

  expect(await client.post("get-tasks", { where })).toMatchObject([
    {
      description: "Back up",
      resource_mutation: "backupVm",
      resource_id: "any",
      status: "SUCCESSED",
      user: { id: user_id },
    },
  ]);
  expect(await client.post("update-task", { where: { id: "none" }, data: {} })).toEqual([]);
  const { description: _, ...incomplete } = task;
  expect(await client.refused("create-task", [incomplete])).toMatchObject({ status: 400 });
});

test("versions before 4.0 have no tasks of clients", async () => {
  const client = await Client.open({ vms: 1, apiVersion: "3.4.4" });

  expect(await client.refused("create-task", [])).toMatchObject({ status: 404 });
});

test("the gateway does not take another client's task on a snapshot for its creation", async () => {
  const gateway = await startGateway();
  const { control } = gateway.simulator;
  const [snapshot] = control.rows("VmSnapshot");
  control.insert("Task", {
    ...{ resource_mutation: "uploadVmSnapshot", resource_type: "VmSnapshot", resource_id: snapshot?.id },
    ...{ description: "Back up", status: "SUCCESSED", local_created_at: "2020-01-01T00:00:00.000Z" },
  });

  const { vmSnapshot } = await gateway.data<{ vmSnapshot: { task: object } }>(
    "query ($id: ID!) { vmSnapshot(id: $id) { task { cloudTowerId mutation: resourceMutation } } }",
    { id: snapshot?.id },
  );

  expect(vmSnapshot.task).toMatchObject({ mutation: "createVmSnapshot" });
});
