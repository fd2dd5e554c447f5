import { defineEnum } from "../../graph/connections/define-enum.js";

/** What a disk is. */
export const VmDiskType = defineEnum("VmDiskType", "What a disk of a VM is.", {
  DISK: "A data disk: it stands on a volume.",
  CD_ROM: "A CD-ROM drive: it holds an image, or nothing.",
});

/** How a disk is attached. */
export const Bus = defineEnum("Bus", "How a disk is attached to its VM.", {
  VIRTIO: "VirtIO.",
  SCSI: "SCSI.",
  IDE: "IDE.",
  USB: "USB.",
});
