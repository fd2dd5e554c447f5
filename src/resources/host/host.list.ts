import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { HostState, HostStatus } from "./host.enums.js";
import { Host } from "./host.type.js";

/** How hosts are listed. */
export const hostList = new Listing(
  Host,
  new Filter("Host", "Host", {
    name: "name",
    managementIp: "management_ip",
    dataIp: "data_ip",
    status: ["status", HostStatus],
    state: ["state", HostState],
    model: "model",
    serial: "serial",
    cpuModel: "cpu_model",
    vmCount: "vm_num",
    totalCpuCores: "total_cpu_cores",
    totalMemoryBytes: "total_memory_bytes",
    totalDataCapacityBytes: "total_data_capacity",
    usedDataSpaceBytes: "used_data_space",
    localId: "local_id",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("Host", "Host", {
    NAME: "name",
    MANAGEMENT_IP: "management_ip",
    VM_COUNT: "vm_num",
    TOTAL_CPU_CORES: "total_cpu_cores",
    TOTAL_MEMORY_BYTES: "total_memory_bytes",
    USED_MEMORY_BYTES: "used_memory_bytes",
    USED_CPU_HZ: "used_cpu_hz",
    TOTAL_DATA_CAPACITY_BYTES: "total_data_capacity",
    USED_DATA_SPACE_BYTES: "used_data_space",
  }),
);
