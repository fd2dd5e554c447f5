import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { ElfStoragePolicy } from "./elf-storage-policy.type.js";

/** How storage policies are listed. */
export const elfStoragePolicyList = new List(
  ElfStoragePolicy,
  new Filter("ElfStoragePolicy", "ElfStoragePolicy", {
    name: "name",
    replicaCount: "replica_num",
    thinProvisioned: "thin_provision",
    localId: "local_id",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("ElfStoragePolicy", "ElfStoragePolicy", {
    NAME: "name",
  }),
);
