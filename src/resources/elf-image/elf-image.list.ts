import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { ElfImage } from "./elf-image.type.js";

/** How ISO images are listed. */
export const elfImageList = new Listing(
  ElfImage,
  new Filter("ElfImage", "ElfImage", {
    name: "name",
    description: "description",
    path: "path",
    sizeBytes: "size",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("ElfImage", "ElfImage", {
    NAME: "name",
    SIZE_BYTES: "size",
    CREATED_AT: "local_created_at",
  }),
);
