import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Consistency } from "./vm-snapshot.enums.js";
import { VmSnapshot } from "./vm-snapshot.type.js";

/** How VM snapshots are listed. */
export const vmSnapshotList = new Listing(
  VmSnapshot,
  new Filter("VmSnapshot", "VmSnapshot", {
    name: "name",
    description: "description",
    consistency: ["consistent_type", Consistency],
    sizeBytes: "size",
    vcpuCount: "vcpu",
    memoryBytes: "memory",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("VmSnapshot", "VmSnapshot", {
    NAME: "name",
    SIZE_BYTES: "size",
    VCPU_COUNT: "vcpu",
    MEMORY_BYTES: "memory",
    CREATED_AT: "local_created_at",
  }),
);
