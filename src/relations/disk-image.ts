import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { ElfImage, elfImageList } from "../resources/elf-image/elf-image.type.js";
import { VmDisk, vmDiskList } from "../resources/vm-disk/vm-disk.type.js";

/** VmDisk → the image in it. */
export const diskImage = declareRelation(
  belongsTo({
    from: VmDisk,
    field: "image",
    to: ElfImage,
    description: "The ISO image in a CD-ROM drive; null for a data disk, and for an empty drive.",
    stub: (disk) => disk.row.elf_image,
  }),
);

/** ElfImage → the drives that hold it. */
export const imageDisks = declareRelation(
  hasConnection({
    from: ElfImage,
    field: "disks",
    listing: vmDiskList,
    description: "The CD-ROM drives that hold the image.",
    where: (ids) => ({ elf_image: { id_in: ids } }),
    rowKey: (disk) => disk.elf_image?.id,
    inverse: "image",
  }),
);

vmDiskList.filter.addOne("image", "elf_image", elfImageList.filter, "By the image in the drive.");
elfImageList.filter.addMany("disks", "vm_disks", vmDiskList.filter, "By the drives that hold the image.");
