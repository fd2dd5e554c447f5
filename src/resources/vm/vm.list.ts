import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { VmFirmware, VmStatus, VmToolsStatus } from "./vm.enums.js";
import { Vm } from "./vm.type.js";

/** How VMs are listed. */
export const vmList = new List(
  Vm,
  new Filter("Vm", "Vm", {
    name: "name",
    description: "description",
    status: ["status", VmStatus],
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
    inRecycleBin: "in_recycle_bin",
    internal: "internal",
    vcpuCount: "vcpu",
    memoryBytes: "memory",
    firmware: ["firmware", VmFirmware],
    highAvailability: "ha",
    vmToolsStatus: ["vm_tools_status", VmToolsStatus],
    os: "os",
    hostname: "hostname",
    ips: "ips",
    provisionedSizeBytes: "provisioned_size",
    uniqueSizeBytes: "unique_size",
    localId: "local_id",
    createdAt: "local_created_at",
  }),
  new Orders("Vm", "Vm", {
    NAME: "name",
    VCPU_COUNT: "vcpu",
    MEMORY_BYTES: "memory",
    PROVISIONED_SIZE_BYTES: "provisioned_size",
    CREATED_AT: "local_created_at",
  }),
);
