import type { Random } from "../random.js";
import type { StoredRow } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import type { Tower } from "../tower.js";
import { changeVm } from "../writes/row-tasks.js";
import { type ApiRequest, assertUnlocked, type WriteResult } from "../writes/write.js";

/** A task that changes a VM without a lasting effect: nothing but its lock and its task can be seen. */
export function changeOfVm(
  tower: Tower,
  request: ApiRequest,
  vm: StoredRow | undefined,
  random: Random,
): readonly WriteResult[] {
  if (vm === undefined) return [];
  assertUnlocked([vm]);
  const [mutation, en, zh] = random.pick(changes);
  const taskId = changeVm(tower, request, vm, {
    mutation,
    description: { en: `${en} ${vm.values.name}`, zh: `${zh} ${vm.values.name}` },
  });
  return [{ task_id: taskId, data: { id: vm.id } }];
}

const changes = [
  ["updateVm", "Edit VM", "编辑虚拟机"],
  ["migrateVm", "Migrate VM", "迁移虚拟机"],
] as const;

/** A task of CloudTower itself: it has no cluster, and its resource cannot be listed. */
export function systemTask(tower: Tower, viewer: Viewer): readonly WriteResult[] {
  const nothing = () => {};
  const taskId = tower.tasks.start({
    mutation: "updateLicense",
    resourceType: "License",
    resourceId: "license",
    cluster: null,
    viewer,
    description: { en: "Renew license", zh: "更新许可" },
    args: {},
    bytes: 0,
    count: 1,
    done: nothing,
    failed: nothing,
  });
  return [{ task_id: taskId, data: { id: "license" } }];
}
