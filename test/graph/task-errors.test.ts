import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

test("the errors of failed tasks are shown by their codes and by what the cluster said", async () => {
  const gateway = await startGateway();

  const { tasks } = await gateway.data<{ tasks: { nodes: { resourceMutation: string; error: object }[] } }>(
    "{ tasks(filter: {status: {eq: FAILED}}) { nodes { resourceMutation error { code innerCode message } } } }",
  );

  const errors = Object.fromEntries(tasks.nodes.map(({ resourceMutation, error }) => [resourceMutation, error]));
  expect(errors).toMatchObject({
    shutDownVm: { code: "JOB_VM_SHUTDOWN_TIMEOUT", message: "JOB_VM_SHUTDOWN_TIMEOUT" },
    cloneVm: { code: "VM_DUPLICATED_NAME", message: "VM_DUPLICATED_NAME" },
    updateVmDisk: { code: "JOB_FAILED", message: "EAllocSpace" },
    migrateVm: {
      code: "JOB_FAILED",
      innerCode: "VM_MIGRATE_HOST_UNAVAILABLE",
      message: "[VM_MIGRATE_HOST_UNAVAILABLE] no host can run the VM",
    },
    updateVm: { code: "JOB_FAILED", innerCode: "HOST_MEMORY_NOT_ENOUGH", message: "no host has enough free memory" },
  });
});

test("the error of a snapshot that the storage refused is shown by the code that CloudTower gives, in the event of its watcher too", async () => {
  const gateway = await startGateway();
  const { control } = gateway.simulator;
  control.nextTask({ kind: "FAILED" });
  const vmId = control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const create = 'mutation ($vmId: ID!) { createVmSnapshot(input: {vmId: $vmId, name: "s"}) { task { id } } }';
  const { createVmSnapshot } = await gateway.data<{ createVmSnapshot: { task: { id: string } } }>(create, { vmId });
  gateway.simulator.advance(5000);

  const query = "subscription ($id: ID!) { taskProgress(taskId: $id) { status error { code innerCode message } } }";
  const events = gateway
    .socket()
    .iterate<Record<string, unknown>>({ query, variables: { id: createVmSnapshot.task.id } });

  expect(await events.next()).toMatchObject({
    value: {
      data: {
        taskProgress: {
          status: "FAILED",
          error: {
            code: "JOB_FAILED",
            innerCode: "ZBS_SNAPSHOT_FAILED",
            message: "[ZBS_SNAPSHOT_FAILED]createVmSnapshot: the storage refused",
          },
        },
      },
    },
  });
});
