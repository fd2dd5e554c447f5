import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, requiredText, text, texts, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { type Reference, reference, references } from "../shared/reference.type.js";
import {
  Architecture,
  ClusterType,
  ConnectState,
  DisconnectedReason,
  Hypervisor,
  NtpMode,
  SoftwareEdition,
} from "./cluster.enums.js";
import { ClusterCapacity } from "./cluster-capacity.js";

const column = columnsOf("Cluster");

/** Source: `get-clusters`. */
@ObjectType("Cluster", { implements: Node, description: "A hyperconverged cluster." })
export class Cluster extends ClusterCapacity {
  static override readonly typename = "Cluster";
  static override readonly entity = "Cluster";

  @column("name", requiredText, "Display name.", { filter: true })
  readonly name!: string;

  @column("version", text, "Software version.", { filter: true })
  readonly version!: string | null;

  @column("connect_state", ConnectState, "Connection between CloudTower and the cluster.", { filter: true })
  readonly connectState!: string;

  @column("management_vip", text, "Virtual IP address for management.", { filter: true })
  readonly managementVip!: string | null;

  @column("local_id", text, "The cluster's own id.", { filter: true })
  readonly localId!: string | null;

  @column("type", ClusterType, "Product that the cluster runs.", { filter: true })
  readonly type!: string;

  @column("software_edition", SoftwareEdition.orNull, "Software edition.", { filter: true })
  readonly softwareEdition!: string | null;

  @column("architecture", Architecture, "CPU architecture of the hosts.", { filter: true })
  readonly architecture!: string;

  @column("hypervisor", Hypervisor.orNull, "Hypervisor.", { filter: true })
  readonly hypervisor!: string | null;

  @column("disconnected_date", time, "When CloudTower lost the connection to the cluster.")
  readonly disconnectedAt!: string | null;

  @column("disconnected_reason", DisconnectedReason.orNull, "Why CloudTower is disconnected from the cluster.")
  readonly disconnectedReason!: string | null;

  @column("current_cpu_model", text, "Default CPU model of VMs.")
  readonly currentCpuModel!: string | null;

  @column("total_cpu_models", texts, "CPU models available to VMs.")
  readonly cpuModels!: readonly string[];

  @column("recommended_cpu_models", texts, "Recommended CPU models for VMs.")
  readonly recommendedCpuModels!: readonly string[];

  @column("ip", text, "IP address at which CloudTower reaches the cluster.", { filter: true })
  readonly ip!: string | null;

  @column("iscsi_vip", text, "Virtual IP address of the iSCSI service.")
  readonly iscsiVip!: string | null;

  @column("mgt_gateway", text, "Gateway of the management network.")
  readonly managementGateway!: string | null;

  @column("mgt_netmask", text, "Subnet mask of the management network.")
  readonly managementNetmask!: string | null;

  @column("dns", texts, "DNS servers.")
  readonly dnsServers!: readonly string[];

  @column("ntp_mode", NtpMode.orNull, "Time source.")
  readonly ntpMode!: string | null;

  @column("ntp_servers", texts, "NTP servers.")
  readonly ntpServers!: readonly string[];

  @column("is_all_flash", boolean, "Whether all storage is flash.")
  readonly allFlash!: boolean | null;

  @column("enable_tiering", boolean, "Whether the storage has tiers.")
  readonly tieringEnabled!: boolean | null;

  @column("upgrade_for_tiering", boolean, "Whether the cluster was upgraded to have tiers.")
  readonly upgradedForTiering!: boolean | null;

  @column("no_performance_layer", boolean, "Whether there is no performance tier.")
  readonly withoutPerformanceTier!: boolean | null;

  @column("replica_capacity_only", boolean, "Whether replicas are kept on the capacity tier only.")
  readonly replicasOnCapacityTierOnly!: boolean | null;

  @column("access_write_compress_enabled", boolean, "Whether data is compressed when it is written.")
  readonly writeCompressionEnabled!: boolean | null;

  @column("stretch", boolean, "Whether the cluster spans two sites.")
  readonly stretched!: boolean | null;

  @column("has_metrox", boolean, "Whether the cluster can be stretched across two sites.")
  readonly hasMetroX!: boolean | null;

  @column("auto_converge", boolean, "Whether a VM is slowed down during migration until the migration can complete.")
  readonly autoConverge!: boolean | null;

  @column("vhost_enabled", boolean, "Whether VMs access storage through vhost.")
  readonly vhostEnabled!: boolean | null;

  @column("rdma_enabled", boolean, "Whether storage traffic uses RDMA.")
  readonly rdmaEnabled!: boolean | null;

  @column("pmem_enabled", boolean, "Whether persistent memory is used.")
  readonly pmemEnabled!: boolean | null;

  @column("nvmf_enabled", boolean, "Whether NVMe-oF is enabled.")
  readonly nvmfEnabled!: boolean | null;

  @column("nvme_over_rdma_enabled", boolean, "Whether NVMe over RDMA is enabled.")
  readonly nvmeOverRdmaEnabled!: boolean | null;

  @column("nvme_over_tcp_enabled", boolean, "Whether NVMe over TCP is enabled.")
  readonly nvmeOverTcpEnabled!: boolean | null;

  @column("datacenters", references, "The datacenters that the cluster is in.")
  readonly datacenters!: Reference[];

  @column("witness", reference, "The witness of a stretched cluster.")
  readonly witness!: Reference | null;

  @column("vm_templates", references, "VM templates of the cluster.")
  readonly vmTemplates!: Reference[];

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column("vdses", references, "Virtual switches of the cluster.")
  readonly virtualSwitches!: Reference[];
}

/** Listing of clusters. */
export const clusterList = new Listing(Cluster);
