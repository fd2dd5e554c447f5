import { shorten } from "../../../kernel/text/shorten.js";
import { dataEffectOf, isTaskOf } from "../../../resources/task/task-mutation.js";
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
  const unclear = suspects.filter(
    ({ task, names }) => !isElsewhereByKind(task) && !disks.every((disk) => namesDisk(names, own, disk)),
  );
  const others = await otherObjects(
    session,
    {
      resourceIds: unclear.flatMap(({ task }) => task.resource_id || []),
      // What changes an object changes only what it names: no snapshot.
      argumentIds: unclear.flatMap(({ task, names }) => (dataEffectOf(task) === "changes" ? [] : names.ids)),
    },
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
function isElsewhere(task: Row<"Task">, names: TaskNames, disk: FittingDisk, others: OtherObjects): boolean {
  const { resource_id: id } = task;
  if (!id) return false;
  const effect = dataEffectOf(task);
  if (effect === "keeps" || isElsewhereByKind(task) || others.storage.has(id)) return true;
  if (!others.vms.has(id) && !others.vmSnapshots.has(id)) return false;
  if (effect === "changes") return true;
  if (others.incomplete) return false;
  const frozen = names.ids.flatMap((name) => others.vmSnapshots.get(name) ?? []);
  if (frozen.some((volumes) => volumes.has(disk.volume.row.local_id ?? ""))) return false;
  // A VM that does not have the volume now may have had it then. A rollback touches what its snapshot froze.
  return !disk.shared || (effect === "replaces" && frozen.length > 0);
}

/** Whether the kind of a task, or the type of its object, shows that it is not the disk, though the object may be gone. */
function isElsewhereByKind(task: Row<"Task">): boolean {
  const effect = dataEffectOf(task);
  if (effect === "unknown") return UNRELATED_TYPES.has(typeOf(task));
  // What was deleted is not the disk, which is still there.
  if (effect === "changes" && isTaskOf("delete", task)) return true;
  return effect === "changes" && KEEPS_ITS_ID.has(typeOf(task));
}

/** Types of objects whose ids do not change, unlike a VM's disks: if the id is not the disk's, neither is the object. */
const KEEPS_ITS_ID: ReadonlySet<string> = new Set([
  ...["vm", "vmtemplate", "contentlibraryvmtemplate", "vmvolume", "iscsilun", "iscsitarget", "consistencygroup"],
  ...["nvmfnamespace", "nvmfnamespacesnapshot", "nvmfsubsystem"],
]);

/** Types of objects on which a task cannot reach the data of volumes, whatever its name. */
const UNRELATED_TYPES: ReadonlySet<string> = new Set(
  `alert alertnotifier alertrule application bricktopo cloudtowerapplication contentlibraryimage datacenter deployable discoveredhost
   elfimage entityfilter everoutecluster globalalertrule globalsettings gpudevice graph host isolationpolicy label license
   logcollection logservice nic ntp organization racktopo reporttask reporttemplate role securitygroup securitypolicy session
   snmptransport snmptrapreceiver svtimage uploadtask usbdevice user userrolenext vcenteraccount vds view vlan vmfolder vmnic
   vmplacementgroup zone`.split(/\s+/),
);

function typeOf({ resource_type: type }: Row<"Task">): string {
  return (type ?? "").replace(/[_\s-]/g, "").toLowerCase();
}

function describe({ id, resource_mutation: mutation, status, local_created_at: at }: Row<"Task">): string {
  const state = status === "SUCCESSED" ? "SUCCEEDED" : (status ?? "in an unknown state");
  return `The task ${id} (${mutation ? shorten(mutation, 100, "...") : "without a name"}, ${state}, of ${at || "an unknown time"})`;
}

function intersects(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const item of others) if (some.has(item)) return true;
  return false;
}
