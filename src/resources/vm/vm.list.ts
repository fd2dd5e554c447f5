import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IoPolicy } from "../shared/io-restriction.js";
import { ClockOffset, VmFirmware } from "../shared/vm-configuration.enums.js";
import { GuestOsType, VmStatus, VmToolsStatus, VmUsage } from "./vm.enums.js";
import { Vm } from "./vm.type.js";

/** How VMs are listed. */
export const vmList = new Listing(
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
    biosUuid: "bios_uuid",
    cpuModel: "cpu_model",
    clockOffset: ["clock_offset", ClockOffset],
    windowsOptimized: "win_opt",
    nestedVirtualization: "nested_virtualization",
    guestOsType: ["guest_os_type", GuestOsType],
    nodeIp: "node_ip",
    ioPolicy: ["io_policy", IoPolicy],
    maxBandwidthBytesPerSecond: "max_bandwidth",
    maxIops: "max_iops",
    protected: "protected",
    usage: ["vm_usage", VmUsage],
    sizeBytes: "size",
    usedSizeBytes: "used_size",
    guestUsedSizeBytes: "guest_used_size",
    cpuUsage: "cpu_usage",
    memoryUsage: "memory_usage",
    originalName: "original_name",
    deletedAt: "deleted_at",
    lastShutdownAt: "last_shutdown_time",
  }),
  new Orders("Vm", "Vm", {
    NAME: "name",
    VCPU_COUNT: "vcpu",
    MEMORY_BYTES: "memory",
    PROVISIONED_SIZE_BYTES: "provisioned_size",
    SIZE_BYTES: "size",
    USED_SIZE_BYTES: "used_size",
    UNIQUE_SIZE_BYTES: "unique_size",
    GUEST_USED_SIZE_BYTES: "guest_used_size",
    CPU_USAGE: "cpu_usage",
    MEMORY_USAGE: "memory_usage",
    OS: "os",
    HOSTNAME: "hostname",
    IPS: "ips",
    NODE_IP: "node_ip",
    CREATED_AT: "local_created_at",
    LAST_SHUTDOWN_AT: "last_shutdown_time",
    DELETED_AT: "deleted_at",
  }),
);
