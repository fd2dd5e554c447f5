import { dataEffectOf } from "../../../resources/task/task-mutation.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row } from "../../../upstream/wire/types.js";
import type { FittingDisk } from "./disk-verdict.js";
import { type OtherObjects, otherObjects } from "./other-objects.js";
import { type OwnObjects, ownObjects } from "./own-objects.js";
import { namesOf, type TaskNames } from "./task-names.js";

interface Suspect {
  readonly task: Row<"Task">;
  readonly names: TaskNames;
}

/**
 * The disks that a task may have touched, each with an explanation for people. A task counts unless it is certain that it did nothing
 * to the disk's data: it is known to be harmless and succeeded, or all that it can have acted on is something else.
 */
export async function judgeTasks(
  session: UpstreamSession,
  vm: Row<"Vm">,
  disks: readonly FittingDisk[],
  tasks: readonly Row<"Task">[],
): Promise<Map<FittingDisk, string>> {
  const suspects = tasks
    .filter((task) => dataEffectOf(task) !== "keeps" || task.status !== "SUCCESSED")
    .map((task): Suspect => ({ task, names: namesOf(task) }));
  if (suspects.length === 0) return new Map();
  const own = await ownObjects(session, vm, disks);
  const unclear = suspects.filter(({ names }) => !disks.every((disk) => namesDisk(names, own, disk)));
  const others = await otherObjects(
    session,
    unclear.flatMap(({ names }) => names.ids),
    disks,
  );
  const touched = new Map<FittingDisk, string>();
  for (const suspect of suspects) {
    for (const disk of disks) {
      const explanation = touched.has(disk) ? undefined : explain(suspect, disk, own, others);
      if (explanation !== undefined) touched.set(disk, explanation);
    }
  }
  return touched;
}

function explain(
  { task, names }: Suspect,
  disk: FittingDisk,
  own: OwnObjects,
  others: OtherObjects,
): string | undefined {
  if (namesDisk(names, own, disk)) return `${describe(task)} acted on the disk or on something that it belongs to.`;
  if (!names.incomplete && isElsewhere(task, names, disk, others)) return undefined;
  return `${describe(task)} may have acted on the disk: what it acted on cannot be determined.`;
}

function namesDisk({ words }: TaskNames, { ofVm, ofDisk }: OwnObjects, disk: FittingDisk): boolean {
  return intersects(words, ofVm) || intersects(words, ofDisk.get(disk) ?? new Set());
}

/** Whether a task that does not name the disk certainly acted on something else. */
function isElsewhere(task: Row<"Task">, { ids }: TaskNames, disk: FittingDisk, others: OtherObjects): boolean {
  const effect = dataEffectOf(task);
  // Such a task names what it changes.
  if ((effect === "keeps" || effect === "changes") && task.resource_id) return true;
  if (effect === "unknown" && UNRELATED_TYPES.has(typeOf(task))) return true;
  if (ids.some((id) => others.storage.has(id))) return true;
  const frozen = ids.flatMap((id) => others.vmSnapshots.get(id) ?? []);
  if (frozen.some((volumes) => volumes.has(disk.volume.row.local_id ?? ""))) return false;
  const ofVm = frozen.length > 0 || ids.some((id) => others.vms.has(id));
  // A VM that does not have the volume now may have had it then. A rollback touches what its snapshot froze.
  return disk.shared ? effect === "replaces" && frozen.length > 0 : ofVm;
}

/** Types of objects on which a task cannot reach the data of volumes, whatever its name. */
const UNRELATED_TYPES: ReadonlySet<string> = new Set(
  `alert alertnotifier alertrule application brickTopo cloudtowerapplication contentlibraryimage datacenter deployable discoveredhost
   elfimage entityfilter everoutecluster globalalertrule globalsettings gpudevice graph host isolationpolicy label license
   logcollection logservice nic ntp organization rackTopo reporttask reporttemplate role securitygroup securitypolicy session
   snmptransport snmptrapreceiver svtimage uploadtask usbdevice user userrolenext vcenteraccount vds view vlan vmfolder vmnic
   vmplacementgroup zone`
    .toLowerCase()
    .split(/\s+/),
);

function typeOf({ resource_type: type }: Row<"Task">): string {
  return (type ?? "").replace(/[_\s-]/g, "").toLowerCase();
}

function describe({ id, resource_mutation: mutation, status, local_created_at: at }: Row<"Task">): string {
  const state = status === "SUCCESSED" ? "SUCCEEDED" : (status ?? "in an unknown state");
  return `The task ${id} (${mutation || "without a name"}, ${state}, of ${at || "an unknown time"})`;
}

function intersects(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const item of others) if (some.has(item)) return true;
  return false;
}
