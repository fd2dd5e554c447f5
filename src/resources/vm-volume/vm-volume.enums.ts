import { defineEnum } from "../../graph/connections/define-enum.js";

/** Where the data of a volume is stored. */
export const VmVolumeType = defineEnum("VmVolumeType", "Where the data of a volume is stored.", {
  KVM_VOLUME: "In a file of the hypervisor; such a volume has no LUN.",
  KVM_VOLUME_ISCSI: "In an iSCSI LUN.",
});
