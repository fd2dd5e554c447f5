import { Field, Int, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import {
  bigInteger,
  boolean,
  bytes,
  commaSeparated,
  integer,
  requiredText,
  text,
  texts,
  time,
  verbatimText,
} from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Cpu } from "../shared/cpu.type.js";
import { IoPolicy, IoRestriction } from "../shared/io-restriction.js";
import { type Reference, references } from "../shared/reference.type.js";
import { ClockOffset, HaPriority, VmFirmware } from "../shared/vm-configuration.enums.js";
import { GuestOsType, VmStatus, VmToolsStatus, VmUsage, VmVideoType } from "./vm.enums.js";
import { VmFigures } from "./vm-figures.js";

const column = columnsOf("Vm");

/** Source: `get-vms`. */
@ObjectType("Vm", { implements: Node, description: "A virtual machine." })
export class Vm extends VmFigures {
  static override readonly typename = "Vm";
  static override readonly entity = "Vm";

  @column(
    "name",
    requiredText,
    "Display name; not unique. In the recycle bin a VM has another one: see `originalName`.",
    {
      filter: true,
    },
  )
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("status", VmStatus, "Power state.", { filter: true })
  readonly status!: string;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column("in_recycle_bin", boolean, "Whether the VM is in the recycle bin.", { filter: true })
  readonly inRecycleBin!: boolean | null;

  @column("internal", boolean, "Whether the VM belongs to the system rather than to a user.", { filter: true })
  readonly internal!: boolean | null;

  @column("vcpu", integer, "Number of virtual CPUs.", { filter: true })
  readonly vcpuCount!: number | null;

  @column.reads("cpu")
  @Field(() => Cpu, { nullable: true, description: "Topology of the virtual CPUs." })
  get cpu(): Cpu | null {
    return this.row.cpu ?? null;
  }

  @column("memory", bytes, "Memory, in bytes.", { filter: true })
  readonly memoryBytes!: number | null;

  @column("firmware", VmFirmware, "Firmware.", { filter: true })
  readonly firmware!: string;

  @column("ha", boolean, "Whether the VM is restarted on another host if its host fails.", { filter: true })
  readonly highAvailability!: boolean | null;

  @column("ha_priority", HaPriority.orNull, "Priority when the VMs of a failed host are restarted.", { filter: true })
  readonly haPriority!: string | null;

  @column("vm_tools_status", VmToolsStatus, "State of the guest tools (VMTools).", { filter: true })
  readonly vmToolsStatus!: string;

  @column("vm_tools_version", text, "Version of the guest tools.")
  readonly vmToolsVersion!: string | null;

  @column("os", text, "Operating system, as reported by the guest tools.", { filter: true })
  readonly os!: string | null;

  @column("hostname", text, "Host name of the guest, as reported by the guest tools.", { filter: true })
  readonly hostname!: string | null;

  @column("ips", commaSeparated, "IP addresses of the guest.", { filter: true })
  readonly ips!: readonly string[];

  @column("local_id", text, "The VM's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the VM was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("cpu_model", text, "CPU model configured for the VM.", { filter: true })
  readonly cpuModel!: string | null;

  @column("guest_cpu_model", text, "CPU model that the guest sees.")
  readonly guestCpuModel!: string | null;

  @column("bios_uuid", text, "UUID in the VM's firmware.", { filter: true })
  readonly biosUuid!: string | null;

  @column("clock_offset", ClockOffset, "Time base of the hardware clock.", { filter: true })
  readonly clockOffset!: string;

  @column("win_opt", boolean, "Whether the virtual hardware is optimized for Windows.", { filter: true })
  readonly windowsOptimized!: boolean | null;

  @column("nested_virtualization", boolean, "Whether the guest can run nested VMs.", { filter: true })
  readonly nestedVirtualization!: boolean | null;

  @column("cloud_init_supported", boolean, "Whether the guest can be configured with cloud-init.")
  readonly cloudInitSupported!: boolean | null;

  @column("video_type", VmVideoType.orNull, "Video adapter.")
  readonly videoType!: string | null;

  @column("guest_os_type", GuestOsType, "Operating system family of the guest.", { filter: true })
  readonly guestOsType!: string;

  @column("kernel_info", text, "Kernel of the guest, as reported by the guest tools.")
  readonly kernelInfo!: string | null;

  @column("dns_servers", commaSeparated, "DNS servers of the guest.")
  readonly dnsServers!: readonly string[];

  @column("node_ip", text, "IP address of the host that the VM runs on.", { filter: true })
  readonly nodeIp!: string | null;

  @column("io_policy", IoPolicy.orNull, "What the bandwidth and IOPS limits apply to.", { filter: true })
  readonly ioPolicy!: string | null;

  @column("max_bandwidth", bigInteger, "Bandwidth limit of all disks together, in bytes per second.", { filter: true })
  readonly maxBandwidthBytesPerSecond!: number | null;

  @column("max_bandwidth_policy", IoRestriction.orNull, "How the bandwidth limit is applied.")
  readonly maxBandwidthPolicy!: string | null;

  @column("max_iops", integer, "IOPS limit of all disks together.", { filter: true })
  readonly maxIops!: number | null;

  @column("max_iops_policy", IoRestriction.orNull, "How the IOPS limit is applied.")
  readonly maxIopsPolicy!: string | null;

  @column("protected", boolean, "Whether the VM is protected by a snapshot plan.", { filter: true })
  readonly protected!: boolean | null;

  @column("vm_usage", VmUsage.orNull, "Purpose of a system VM; null for a user's VM.", { filter: true })
  readonly usage!: string | null;

  @column("internal_product", text, "Product that a system VM belongs to.", { filter: true })
  readonly internalProduct!: string | null;

  @column("internal_product_name", text, "Name of the product that a system VM belongs to.")
  readonly internalProductName!: string | null;

  @column("dpi_enabled", boolean, "Whether the VM's traffic is inspected (deep packet inspection).", { filter: true })
  readonly dpiEnabled!: boolean | null;

  @column("anti_malware_enabled", boolean, "Whether the VM is protected against malware.", { filter: true })
  readonly antiMalwareEnabled!: boolean | null;

  @column("original_name", text, "Name that the VM had before it was moved to the recycle bin.", { filter: true })
  readonly originalName!: string | null;

  @column("out_uninstall_usb", texts, "USB devices that CloudTower lists as not removed.")
  readonly outUninstallUsb!: readonly string[];

  @column("deleted_at", time, "When the VM was moved to the recycle bin.", { filter: true })
  readonly deletedAt!: string | null;

  @column("last_shutdown_time", time, "When the VM was last shut down.", { filter: true })
  readonly lastShutdownAt!: string | null;

  @column.reads("snapshots")
  @Field(() => Int, { nullable: true, description: "Number of snapshots of the VM; null if CloudTower does not say." })
  get snapshotCount(): number | null {
    return this.row.snapshots?.length ?? null;
  }

  @column("vm_placement_group", references, "The placement groups that the VM belongs to.")
  readonly placementGroups!: Reference[];

  @column("gpu_devices", references, "GPUs that are passed through to the VM.")
  readonly gpuDevices!: Reference[];

  @column("usb_devices", references, "USB devices that are passed through to the VM.")
  readonly usbDevices!: Reference[];

  @column("pci_nics", references, "Host NICs that are passed through to the VM.")
  readonly hostNics!: Reference[];
}

/** Listing of VMs. */
export const vmList = new Listing(Vm, {
  leftOut: {
    argument: "includeRecycleBin",
    description:
      "Whether to include the VMs in the recycle bin. They are also included if the filter names `inRecycleBin` anywhere.",
    filterField: "inRecycleBin",
    others: { in_recycle_bin: false },
  },
});
