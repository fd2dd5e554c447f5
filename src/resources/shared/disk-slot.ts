/** Where a disk is attached, as rows of live and of frozen disks say it. */
export interface SlotColumns {
  readonly bus?: string | null;
  readonly key?: number | null;
  readonly boot?: number | null;
}

/** Description of `slot`. */
export const SLOT_DESCRIPTION =
  "The slot: the bus and the disk's number on it (`key`), such as `SCSI:k2`, or its position in the boot order (`boot`) if it has no number, such as `IDE:b0`. The same for a disk of a VM and for the same disk in a snapshot. Null if CloudTower does not tell it.";

/** The slot of a disk; null if it is not known. */
export function diskSlot(row: SlotColumns): string | null {
  const position = slotPosition(row);
  return row.bus && position !== undefined ? `${row.bus}:${position}` : null;
}

/** The position on the bus: `k` and the number, or `b` and the position in the boot order; undefined if neither is known. */
export function slotPosition({ key, boot }: SlotColumns): string | undefined {
  if (key !== null && key !== undefined) return `k${key}`;
  return boot === null || boot === undefined ? undefined : `b${boot}`;
}
