import { badRequest } from "../refusal.js";
import { iso } from "../tasks/clock.js";
import type { Tower } from "../tower.js";
import { readObject } from "./request-body.js";
import { changeVm } from "./row-tasks.js";
import { type ApiRequest, affected, assertUnlocked, placeholder, type Write, type WriteResult } from "./write.js";

/** start-vm: starts all VMs that `where` matches, on the given host or the first one of the cluster. */
export const startVm: Write = (tower, request) => {
  const { where, data } = readObject(request.body, "body", ["where!", "data"]);
  const hostId = data === undefined ? undefined : readObject(data, "data", ["host_id!"]).host_id;
  const vms = affected(tower, request.viewer, "Vm", where);
  const running = vms.find(({ values }) => values.status === "RUNNING" || values.in_recycle_bin === true);
  if (running) throw badRequest(`VM [${running.id}] cannot be started`, `虚拟机 [${running.id}] 无法开机`);
  assertUnlocked(vms);
  return vms.map((vm) => {
    const host = tower.store.get("Host", hostId) ?? tower.store.referrers("Host", "cluster", String(vm.scope))[0];
    const taskId = changeVm(tower, request, vm, {
      mutation: "startVm",
      description: { en: `Power on VM ${vm.values.name}`, zh: `虚拟机 ${vm.values.name} 开机` },
      done: () => {
        const tools = vm.values.vm_tools_status === "NOT_RUNNING" ? "RUNNING" : vm.values.vm_tools_status;
        const location = { host: host?.id ?? null, node_ip: host?.values.management_ip ?? "" };
        tower.store.patch(vm, { status: "RUNNING", ...location, vm_tools_status: tools });
      },
    });
    return { task_id: taskId, data: placeholder(tower, "Vm", vm.id) };
  });
};

/** poweroff-vm: powers off all VMs that `where` matches. */
export const poweroffVm: Write = (tower, request) =>
  stopVms(tower, request, { mutation: "poweroffVm", en: "Power off VM", zh: "强制关机" });

/** shutdown-vm: has the guests of all VMs that `where` matches shut down. They do, in the time of a task. */
export const shutdownVm: Write = (tower, request) =>
  stopVms(tower, request, { mutation: "shutdownVm", en: "Shut down VM", zh: "关机" });

function stopVms(
  tower: Tower,
  request: ApiRequest,
  { mutation, en, zh }: { readonly mutation: string; readonly en: string; readonly zh: string },
): WriteResult[] {
  const { where } = readObject(request.body, "body", ["where!"]);
  const vms = affected(tower, request.viewer, "Vm", where);
  const stopped = vms.find(({ values }) => values.status === "STOPPED");
  if (stopped) throw badRequest(`VM [${stopped.id}] is not running`, `虚拟机 [${stopped.id}] 未运行`);
  assertUnlocked(vms);
  return vms.map((vm) => {
    const taskId = changeVm(tower, request, vm, {
      mutation,
      description: { en: `${en} ${vm.values.name}`, zh: `虚拟机 ${vm.values.name} ${zh}` },
      done: (at) => {
        const tools = vm.values.vm_tools_status === "RUNNING" ? "NOT_RUNNING" : vm.values.vm_tools_status;
        const off = { status: "STOPPED", host: null, node_ip: "", last_shutdown_time: iso(at), cpu_usage: null };
        tower.store.patch(vm, { ...off, memory_usage: null, vm_tools_status: tools });
      },
    });
    return { task_id: taskId, data: placeholder(tower, "Vm", vm.id) };
  });
}
