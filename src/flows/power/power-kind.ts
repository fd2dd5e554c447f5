import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { isMutation, isUnnamed } from "../../resources/task/task-mutation.js";
import { isOpen } from "../../resources/task/task-status.js";
import type { UpstreamSession, WriteOptions } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import {
  type MutationError,
  VmInRecycleBinError,
  VmNotFoundError,
  VmPowerStateError,
} from "../writes/mutation-errors.js";
import { readByIds } from "../writes/object-rows.js";
import { openTasks } from "../writes/open-tasks.js";
import type { KnownUsers } from "../writes/own-tasks.js";
import { notedResponse, pendingTask, sendPower, tasksOf, type WriteResponse } from "../writes/write-calls.js";
import { LockedResource, ResourceLockedError } from "../writes/write-errors.js";
import type { Accepted, Completed, Look, SentWrite, WriteKind } from "../writes/write-kind.js";

/** A power state that a VM can be brought into. */
export type PowerState = "RUNNING" | "STOPPED";

/** Outcome of one VM. */
interface Outcome {
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** Each state with the write that leads to it. */
const WRITES = {
  RUNNING: { endpoint: "start-vm", mutation: "startVm" },
  STOPPED: { endpoint: "poweroff-vm", mutation: "poweroffVm" },
} as const;

/** Tasks after which a VM may have another power state than it shows. */
const POWER_TASKS = ["startVm", "poweroffVm", "shutdownVm", "restartVm", "forceRestartVm", "suspendVm", "resumeVm"];

/**
 * Brings VMs into a power state. The effect is the state itself, by whomever, or an open task that leads to it. A state that an open task
 * is about to change is not there.
 */
export class PowerKind implements WriteKind<string, Outcome> {
  readonly isIdempotent = true;

  constructor(
    private readonly state: PowerState,
    private readonly users: KnownUsers,
  ) {}

  key(vmId: string): string {
    return `power ${this.state} ${vmId}`;
  }

  turn(vmId: string): string {
    return vmId;
  }

  target(vmId: string): string {
    return `VM ${quote(vmId)}`;
  }

  lockTargets(vmId: string): readonly string[] {
    return [vmId];
  }

  async look(session: UpstreamSession, vmIds: readonly string[], sent: ReadonlyMap<string, SentWrite>) {
    const accepted = vmIds.flatMap((vmId) => notedResponse(sent.get(this.key(vmId)))?.taskId ?? []);
    const [vms, open, known] = await Promise.all([
      readByIds(session, "Vm", vmIds),
      openTasks(session),
      readByIds(session, "Task", accepted),
    ]);
    const looks = new Map<string, Look<Outcome>>();
    for (const vmId of vmIds) {
      const vm = vms.find(({ id }) => id === vmId);
      const tasks = open.filter(({ resource_id: id }) => id === vmId);
      looks.set(this.key(vmId), this.judge(vmId, vm, { tasks, known, sent: sent.get(this.key(vmId)) }));
    }
    return looks;
  }

  send(session: UpstreamSession, vmIds: readonly string[], options: WriteOptions): Promise<readonly WriteResponse[]> {
    return sendPower(session, WRITES[this.state].endpoint, WriteTargets.of(vmIds), options);
  }

  accepted(vmIds: readonly string[], responses: readonly WriteResponse[]) {
    const accepted = new Map<string, Accepted<Outcome>>();
    for (const vmId of vmIds) {
      const response = responses.find(({ resourceId }) => resourceId === vmId);
      // Without its task, only the state tells that a start was accepted.
      const note = JSON.stringify(response ?? {});
      accepted.set(this.key(vmId), response === undefined ? { note } : { outcome: done(pendingTask(response)), note });
    }
    return accepted;
  }

  async complete(session: UpstreamSession, vmIds: readonly string[], responses: readonly WriteResponse[]) {
    const [vms, tasks] = await Promise.all([
      readByIds(session, "Vm", vmIds).catch(() => []),
      tasksOf(session, this.users, responses),
    ]);
    const completed = new Map<string, Completed<Outcome>>();
    for (const [vmId, task] of tasks) {
      const hasState = vms.some(({ id, status }) => id === vmId && status === this.state);
      // A task that was read has more than its status.
      const isShown = task?.row.local_created_at !== undefined;
      completed.set(this.key(vmId), { outcome: done(task), isVisible: hasState || isShown });
    }
    return completed;
  }

  failed(_: string, error: MutationError): Outcome {
    return { task: null, errors: [error] };
  }

  private judge(
    vmId: string,
    vm: Row<"Vm"> | undefined,
    seen: { tasks: readonly Row<"Task">[]; known: readonly Row<"Task">[]; sent: SentWrite | undefined },
  ): Look<Outcome> {
    if (vm === undefined) return { kind: "refused", error: new VmNotFoundError(vmId) };
    if (vm.in_recycle_bin) {
      return { kind: "refused", error: new VmInRecycleBinError(vm.original_name || (vm.name ?? vm.id)) };
    }
    const own = seen.tasks.find((task) => isMutation(task, WRITES[this.state].mutation));
    if (own !== undefined) return there(new Task(own));
    const accepted = notedResponse(seen.sent);
    const task = seen.known.find(({ id }) => id === accepted?.taskId);
    const isEnded = task !== undefined && !isOpen(task);
    if (vm.status === this.state) {
      const other = seen.tasks.find((one) => isMutation(one, ...POWER_TASKS) || isUnnamed(one));
      return other === undefined ? there(task === undefined ? null : new Task(task)) : lockedBy(vmId, other);
    }
    if (accepted !== undefined && !isEnded && (seen.sent?.leftMs ?? 0) > 0) {
      return {
        kind: "there",
        outcome: done(task === undefined ? pendingTask(accepted) : new Task(task)),
        certain: false,
      };
    }
    if (vm.status === "SUSPENDED" && this.state === "RUNNING") {
      return { kind: "refused", error: new VmPowerStateError(vm, "Resume it in CloudTower"), isSettled: isEnded };
    }
    return { kind: "absent", note: "", isSettled: isEnded };
  }
}

function there(task: Task | null): Look<Outcome> {
  return { kind: "there", outcome: done(task), certain: true };
}

function done(task: Task | null): Outcome {
  return { task, errors: [] };
}

function lockedBy(vmId: string, task: Row<"Task">): Look<Outcome> {
  return { kind: "locked", error: new ResourceLockedError([new LockedResource(vmId, "VM")], new Task(task)) };
}
