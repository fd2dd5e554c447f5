import { defineEnum } from "../../graph/connections/define-enum.js";

/** Type of a disk. */
export const VmDiskType = defineEnum("VmDiskType", "Type of a disk of a VM.", {
  DISK: "A data disk, backed by a volume.",
  CD_ROM: "A CD-ROM drive, which has an image or is empty.",
});

/** How a disk is attached. */
export const Bus = defineEnum("Bus", "How a disk is attached to its VM.", {
  VIRTIO: "VirtIO.",
  SCSI: "SCSI.",
  IDE: "IDE.",
  USB: "USB.",
});
