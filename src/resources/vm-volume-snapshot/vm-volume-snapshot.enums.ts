import { defineEnum } from "../../graph/connections/define-enum.js";

/** What holds a volume snapshot's data. */
export const VmVolumeSnapshotType = defineEnum("VmVolumeSnapshotType", "What holds the data of a volume snapshot.", {
  KVM_VOLUME_SNAPSHOT: "A file of the hypervisor.",
  KVM_VOLUME_ISCSI_SNAPSHOT: "A snapshot of an iSCSI LUN.",
});
