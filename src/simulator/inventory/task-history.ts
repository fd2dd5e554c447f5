import type { Text } from "../refusal.js";
import type { Builder } from "../rows/builder.js";
import type { StoredRow } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import { codeAlone, type Failure, nestedMessage, unwrappedMessage } from "../tasks/task-outcome.js";

/** Adds finished tasks: one for each existing snapshot, started by one user, and failed ones of the first VM. */
export function addTaskHistory(builder: Builder, user: string, vms: readonly StoredRow[]): void {
  for (const snapshot of builder.store.table("VmSnapshot").values()) {
    const name = String(snapshot.values.name);
    addTask(builder, user, snapshot, "createVmSnapshot", "VmSnapshot", {
      at: Date.parse(String(snapshot.values.local_created_at)),
      args: { data: [{ vm_id: snapshot.values.vm, name }] },
      text: { en: `Create VM snapshot ${name}`, zh: `创建虚拟机快照 ${name}` },
      bytes: Number(snapshot.values.size),
    });
  }
  const vm = vms[0];
  if (vm === undefined) return;
  const at = Date.parse(String(vm.values.local_created_at));
  addTask(builder, user, vm, "startVm", "Vm", {
    at,
    args: { where: { id: vm.id } },
    text: { en: `Power on VM ${vm.values.name}`, zh: `虚拟机 ${vm.values.name} 开机` },
    bytes: 0,
  });
  addTask(builder, user, vm, "updateVm", "Vm", {
    at: at + 60_000,
    args: { where: { id: vm.id }, data: { memory: 2 ** 45 } },
    text: { en: `Edit VM ${vm.values.name}`, zh: `编辑虚拟机 ${vm.values.name}` },
    bytes: 0,
    error: jobFailed(nestedMessage("HOST_MEMORY_NOT_ENOUGH", "no host has enough free memory")),
  });
  // Tasks of the system have no cluster and no user.
  addTask(builder, null, { id: "license", scope: null }, "updateLicense", "License", {
    at: at + 120_000,
    args: {},
    text: { en: "Renew license", zh: "更新许可" },
    bytes: 0,
  });
  addFailures(builder, user, vm, at + 180_000);
}

/** Failed tasks of a VM with errors as real ones look. */
function addFailures(builder: Builder, user: string, vm: StoredRow, at: number): void {
  const failures: readonly (readonly [mutation: string, text: Text, error: Failure])[] = [
    ["shutDownVm", { en: "Shut down VM", zh: "虚拟机关机" }, codeAlone("JOB_VM_SHUTDOWN_TIMEOUT")],
    ["cloneVm", { en: "Clone VM", zh: "克隆虚拟机" }, codeAlone("VM_DUPLICATED_NAME")],
    [
      "updateVmDisk",
      { en: "Edit VM disk", zh: "编辑虚拟盘" },
      { errorCode: "JOB_FAILED", errorMessage: "EAllocSpace" },
    ],
    [
      "migrateVm",
      { en: "Migrate VM", zh: "迁移虚拟机" },
      jobFailed(unwrappedMessage("VM_MIGRATE_HOST_UNAVAILABLE", " no host can run the VM")),
    ],
  ];
  for (const [index, [mutation, text, error]] of failures.entries()) {
    const past = { at: at + index * 60_000, args: { where: { id: vm.id } }, text, bytes: 0, error };
    addTask(builder, user, vm, mutation, "Vm", past);
  }
}

function jobFailed(errorMessage: string): Failure {
  return { errorCode: "JOB_FAILED", errorMessage };
}

interface PastTask {
  readonly at: number;
  readonly args: unknown;
  readonly text: Text;
  readonly bytes: number;
  readonly error?: Failure;
}

function addTask(
  builder: Builder,
  user: string | null,
  resource: Pick<StoredRow, "id" | "scope">,
  mutation: string,
  type: string,
  past: PastTask,
): void {
  const { at, args, text, bytes, error } = past;
  const fraction = error ? 0.4 : 1;
  const data = { current: bytes * fraction, finished: !error, key: "data", per_second: 0, total: bytes, unit: "BYTE" };
  const objects = {
    current: error ? 0 : 1,
    finished: !error,
    key: "objects",
    per_second: null,
    total: 1,
    unit: "COUNT",
  };
  builder.store.insert(
    "Task",
    {
      id: builder.random.id(),
      args,
      cluster: resource.scope,
      description: text.en,
      $description_zh: text.zh,
      error_code: error?.errorCode ?? null,
      error_message: error?.errorMessage ?? null,
      finished_at: iso(at + 6000),
      local_created_at: iso(at),
      progress: fraction,
      resource_id: resource.id,
      resource_mutation: mutation,
      resource_type: type,
      snapshot: JSON.stringify({ typename: type, id: resource.id }),
      started_at: iso(at + 500),
      status: error ? "FAILED" : "SUCCESSED",
      steps: bytes > 0 ? [data, objects] : [objects],
      type: "RESOLVER",
      user,
    },
    resource.scope,
  );
}
