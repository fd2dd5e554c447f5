import { registerEnumType } from "type-graphql";
import type { Next } from "./next-step.js";
import { type DiskRestore, disksWith, isBeingMade, replacedDisks, type Situation } from "./situation.js";

/** How far the restore of a disk came. */
export const DiskRestoreState = {
  VOLUME_CREATING: "VOLUME_CREATING",
  VOLUME_CREATED: "VOLUME_CREATED",
  ATTACHING: "ATTACHING",
  ATTACHED: "ATTACHED",
  REPLACING: "REPLACING",
  REPLACED: "REPLACED",
} as const;
export type DiskRestoreState = keyof typeof DiskRestoreState;
registerEnumType(DiskRestoreState, {
  name: "DiskRestoreState",
  description: "How far the restore of a disk came.",
  valuesConfig: {
    VOLUME_CREATING: { description: "The volume is being made." },
    VOLUME_CREATED: { description: "The volume is complete and not attached to the VM." },
    ATTACHING: { description: "The volume is being attached to the VM." },
    ATTACHED: { description: "The volume is attached. In a replacement, the VM still has the old one as well." },
    REPLACING: {
      description:
        "Both volumes are attached, and a task is removing a disk of the VM: the old one, unless another client removes another disk.",
    },
    REPLACED: { description: "The VM has the new volume in place of the old one, which is kept." },
  },
});

/** The state; null if there is no volume. */
export function stateOf({
  restore,
  situation,
  next,
  isCreating,
}: {
  readonly restore: DiskRestore;
  readonly situation: Situation | undefined;
  readonly next: Next | undefined;
  /** Whether the volume exists, or its creation was accepted. */
  readonly isCreating: boolean;
}): DiskRestoreState | null {
  if (next?.is === "busy") return BUSY[next.step];
  const volume = situation?.volume;
  if (volume === undefined || situation === undefined) return isCreating ? "VOLUME_CREATING" : null;
  if (isBeingMade(volume, situation)) return "VOLUME_CREATING";
  if (disksWith(situation.disks, [volume.id]).length === 0) return "VOLUME_CREATED";
  const isReplaced = restore.to.kind === "replace" && replacedDisks(restore, situation).length === 0;
  return isReplaced ? "REPLACED" : "ATTACHED";
}

const BUSY = { create: "VOLUME_CREATING", attach: "ATTACHING", detach: "REPLACING" } as const;
