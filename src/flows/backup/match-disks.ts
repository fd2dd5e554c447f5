import { diskSlot } from "../../resources/shared/disk-slot.js";
import type { FrozenDisk } from "../snapshot-data/snapshot-data.js";
import type { BaseDisk } from "./usable-data.js";

/** A disk of the later snapshot and the same disk in the earlier one. */
export interface DiskPair {
  readonly target: FrozenDisk;
  /** Undefined for a new disk. */
  readonly base: BaseDisk | undefined;
  /** How they were matched. */
  readonly by: "volume" | "slot";
}

/** Matches the disks of two snapshots: by volume, and the rest by slot. Each disk is in at most one pair. */
export function matchDisks(
  bases: readonly BaseDisk[],
  targets: readonly FrozenDisk[],
): { readonly pairs: readonly DiskPair[]; readonly removed: readonly BaseDisk[] } {
  const left = new Set(bases);
  const take = (fits: (base: BaseDisk) => boolean) => {
    const base = [...left].find(fits);
    if (base !== undefined) left.delete(base);
    return base;
  };
  const byVolume = new Map(
    targets.map((target) => [target, take((base) => volumeOf(base) !== "" && volumeOf(base) === volumeOf(target))]),
  );
  const pairs = targets.map((target): DiskPair => {
    const base = byVolume.get(target);
    if (base !== undefined) return { target, base, by: "volume" };
    const slot = diskSlot(target.disk.row);
    // Two disks whose slots are not known are not the same disk.
    return { target, base: take((other) => slot !== null && diskSlot(other.disk.row) === slot), by: "slot" };
  });
  return { pairs, removed: [...left] };
}

function volumeOf({ disk }: BaseDisk): string {
  return disk.row.vm_volume_local_id ?? "";
}
