import { defineEnum } from "../../graph/connections/define-enum.js";

/** Firmware of a VM. */
export const VmFirmware = defineEnum("VmFirmware", "Firmware of a VM.", { BIOS: "BIOS.", UEFI: "UEFI." });

/** What a VM's hardware clock shows. */
export const ClockOffset = defineEnum("VmClockOffset", "What a VM's hardware clock shows.", {
  UTC: "UTC.",
  LOCALTIME: "The local time of the host.",
});

/** What the guest sees of a NIC. */
export const VmNicModel = defineEnum("VmNicModel", "What the guest sees of a NIC.", {
  VIRTIO: "VirtIO.",
  E1000: "Intel E1000.",
  SRIOV: "A function of a host's NIC, passed through.",
});
