import { defineEnum } from "../../graph/connections/define-enum.js";

/** Where the data of a volume snapshot is stored. */
export const VmVolumeSnapshotType = defineEnum(
  "VmVolumeSnapshotType",
  "Where the data of a volume snapshot is stored.",
  {
    KVM_VOLUME_SNAPSHOT: "In a file of the hypervisor.",
    KVM_VOLUME_ISCSI_SNAPSHOT: "In a snapshot of an iSCSI LUN.",
  },
);
