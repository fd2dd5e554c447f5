import { defineEnum } from "../../graph/connections/define-enum.js";

/** Firmware of a VM. */
export const VmFirmware = defineEnum("VmFirmware", "Firmware of a VM.", { BIOS: "BIOS.", UEFI: "UEFI." });

/** Time base of a VM's hardware clock. */
export const ClockOffset = defineEnum("VmClockOffset", "Time base of a VM's hardware clock.", {
  UTC: "UTC.",
  LOCALTIME: "Local time of the host.",
});

/** Priority of a VM when VMs are restarted on other hosts. */
export const HaPriority = defineEnum(
  "VmHaPriority",
  "Priority of a VM when the VMs of a failed host are restarted on other hosts.",
  { LEVEL_1_LOW: "Low.", LEVEL_2_MEDIUM: "Medium.", LEVEL_3_HIGH: "High." },
);

/** NIC model that the guest sees. */
export const VmNicModel = defineEnum("VmNicModel", "NIC model that the guest sees.", {
  VIRTIO: "VirtIO.",
  E1000: "Intel E1000.",
  SRIOV: "A virtual function of a host NIC, passed through.",
});
