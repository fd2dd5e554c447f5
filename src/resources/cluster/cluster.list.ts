import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Architecture, ClusterType, ConnectState, Hypervisor, SoftwareEdition } from "./cluster.enums.js";
import { Cluster } from "./cluster.type.js";

/** How clusters are listed. */
export const clusterList = new Listing(
  Cluster,
  new Filter("Cluster", "Cluster", {
    name: "name",
    type: ["type", ClusterType],
    version: "version",
    architecture: ["architecture", Architecture],
    hypervisor: ["hypervisor", Hypervisor],
    connectState: ["connect_state", ConnectState],
    softwareEdition: ["software_edition", SoftwareEdition],
    ip: "ip",
    managementVip: "management_vip",
    hostCount: "host_num",
    vmCount: "vm_num",
    totalDataCapacityBytes: "total_data_capacity",
    usedDataSpaceBytes: "used_data_space",
    totalMemoryBytes: "total_memory_bytes",
    localId: "local_id",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("Cluster", "Cluster", {
    NAME: "name",
    VERSION: "version",
    HOST_COUNT: "host_num",
    VM_COUNT: "vm_num",
    TOTAL_DATA_CAPACITY_BYTES: "total_data_capacity",
    USED_DATA_SPACE_BYTES: "used_data_space",
    TOTAL_MEMORY_BYTES: "total_memory_bytes",
  }),
);
