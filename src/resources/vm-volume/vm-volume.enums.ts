import { defineEnum } from "../../graph/connections/define-enum.js";

/** What holds a volume's data. */
export const VmVolumeType = defineEnum("VmVolumeType", "What holds a volume's data.", {
  KVM_VOLUME: "A file of the hypervisor; such a volume has no LUN.",
  KVM_VOLUME_ISCSI: "An iSCSI LUN.",
});
