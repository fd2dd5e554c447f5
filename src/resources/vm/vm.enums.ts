import { defineEnum } from "../../graph/define-enum.js";

/** Power state of a VM. */
export const VmStatus = defineEnum("VmStatus", "Power state of a VM.", {
  RUNNING: "It runs.",
  STOPPED: "It is powered off.",
  SUSPENDED: "It is suspended.",
  DELETED: "It was deleted.",
  UNKNOWN: "CloudTower does not know the state, or this version of TowerQL does not know the value.",
});

/** State of the guest agent. */
export const VmToolsStatus = defineEnum("VmToolsStatus", "State of the guest agent, VMTools.", {
  RUNNING: "It runs: file-system-consistent snapshots are possible.",
  NOT_RUNNING: "It is installed but does not run.",
  NOT_INSTALLED: "It is not installed.",
  RESTRICTION: "It runs with restrictions.",
});

/** Firmware of a VM. */
export const VmFirmware = defineEnum("VmFirmware", "Firmware of a VM.", { BIOS: "BIOS.", UEFI: "UEFI." });
