import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { ElfStoragePolicy } from "./elf-storage-policy.type.js";

/** How storage policies are listed. */
export const elfStoragePolicyList = new Listing(
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
