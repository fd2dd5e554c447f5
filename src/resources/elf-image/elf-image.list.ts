import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { ElfImage } from "./elf-image.type.js";

/** How ISO images are listed. */
export const elfImageList = new List(
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
