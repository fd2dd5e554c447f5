import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { ElfImage } from "../resources/elf-image/elf-image.type.js";
import { VmDisk } from "../resources/vm-disk/vm-disk.type.js";

/** VmDisk → the image in it. */
export const diskImage = declareRelation(
  belongsTo({
    from: VmDisk,
    field: "image",
    to: ElfImage,
    description: "The ISO image in a CD-ROM drive; null for a data disk or an empty drive.",
    filter: "By the image in the drive.",
    via: "elf_image",
  }),
);

/** ElfImage → the drives that it is in. */
export const imageDisks = declareRelation(
  hasConnection({
    from: ElfImage,
    field: "disks",
    to: VmDisk,
    description: "The CD-ROM drives that the image is in.",
    filter: { via: "vm_disks", description: "By the drives that the image is in." },
    via: "elf_image",
    inverse: "image",
  }),
);
