import { Field, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import { AsyncStatus } from "../shared/async-status.js";
import { Reference, referencesTo, referenceTo } from "../shared/reference.type.js";
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

/** Source: `get-clusters`. */
@ObjectType("Cluster", { implements: Node, description: "A hyperconverged cluster." })
export class Cluster extends ClusterCapacity {
  static override readonly typename = "Cluster";
  static override readonly entity = "Cluster";

  @Field(() => String, { description: "Name as shown to users." })
  get name(): string {
    return this.row.name ?? "";
  }

  @Field(() => String, { nullable: true, description: "Version of the cluster's software." })
  get version(): string | null {
    return textOrNull(this.row.version);
  }

  @Field(() => ConnectState.type, { description: "Whether CloudTower reaches the cluster." })
  get connectState(): string {
    return ConnectState.fromUpstream(this.row.connect_state);
  }

  @Field(() => String, { nullable: true, description: "Virtual management address." })
  get managementVip(): string | null {
    return textOrNull(this.row.management_vip);
  }

  @Field(() => String, { nullable: true, description: "The cluster's own id." })
  get localId(): string | null {
    return textOrNull(this.row.local_id);
  }

  @Field(() => ClusterType.type, { description: "Which product the cluster runs." })
  get type(): string {
    return ClusterType.fromUpstream(this.row.type);
  }

  @Field(() => SoftwareEdition.type, { nullable: true, description: "Edition of the product." })
  get softwareEdition(): string | null {
    return SoftwareEdition.fromUpstreamOrNull(this.row.software_edition);
  }

  @Field(() => Architecture.type, { description: "CPU architecture of the hosts." })
  get architecture(): string {
    return Architecture.fromUpstream(this.row.architecture);
  }

  @Field(() => Hypervisor.type, { nullable: true, description: "Hypervisor." })
  get hypervisor(): string | null {
    return Hypervisor.fromUpstreamOrNull(this.row.hypervisor);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "Since when CloudTower does not reach the cluster." })
  get disconnectedAt(): string | null {
    return time(this.row.disconnected_date);
  }

  @Field(() => DisconnectedReason.type, { nullable: true, description: "Why CloudTower does not reach the cluster." })
  get disconnectedReason(): string | null {
    return DisconnectedReason.fromUpstreamOrNull(this.row.disconnected_reason);
  }

  @Field(() => String, { nullable: true, description: "CPU model that VMs get by default." })
  get currentCpuModel(): string | null {
    return textOrNull(this.row.current_cpu_model);
  }

  @Field(() => [String], { description: "CPU models that VMs may have." })
  get cpuModels(): readonly string[] {
    return this.row.total_cpu_models ?? [];
  }

  @Field(() => [String], { description: "CPU models that are recommended." })
  get recommendedCpuModels(): readonly string[] {
    return this.row.recommended_cpu_models ?? [];
  }

  @Field(() => String, { nullable: true, description: "Address under which CloudTower reaches the cluster." })
  get ip(): string | null {
    return textOrNull(this.row.ip);
  }

  @Field(() => String, { nullable: true, description: "Virtual address of the iSCSI service." })
  get iscsiVip(): string | null {
    return textOrNull(this.row.iscsi_vip);
  }

  @Field(() => String, { nullable: true, description: "Gateway of the management network." })
  get managementGateway(): string | null {
    return textOrNull(this.row.mgt_gateway);
  }

  @Field(() => String, { nullable: true, description: "Mask of the management network." })
  get managementNetmask(): string | null {
    return textOrNull(this.row.mgt_netmask);
  }

  @Field(() => [String], { description: "Name servers." })
  get dnsServers(): readonly string[] {
    return this.row.dns ?? [];
  }

  @Field(() => NtpMode.type, { nullable: true, description: "Where the time comes from." })
  get ntpMode(): string | null {
    return NtpMode.fromUpstreamOrNull(this.row.ntp_mode);
  }

  @Field(() => [String], { description: "Time servers." })
  get ntpServers(): readonly string[] {
    return this.row.ntp_servers ?? [];
  }

  @Field(() => Boolean, { nullable: true, description: "Whether all storage is flash." })
  get allFlash(): boolean | null {
    return this.row.is_all_flash ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the cluster spans two sites." })
  get stretched(): boolean | null {
    return this.row.stretch ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the cluster can be stretched over two sites." })
  get hasMetroX(): boolean | null {
    return this.row.has_metrox ?? null;
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether a migrating VM is slowed down until the migration can end.",
  })
  get autoConverge(): boolean | null {
    return this.row.auto_converge ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether VMs reach storage by vhost." })
  get vhostEnabled(): boolean | null {
    return this.row.vhost_enabled ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether storage traffic uses RDMA." })
  get rdmaEnabled(): boolean | null {
    return this.row.rdma_enabled ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether persistent memory is used." })
  get pmemEnabled(): boolean | null {
    return this.row.pmem_enabled ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether NVMe-oF is served." })
  get nvmfEnabled(): boolean | null {
    return this.row.nvmf_enabled ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether NVMe over RDMA is served." })
  get nvmeOverRdmaEnabled(): boolean | null {
    return this.row.nvme_over_rdma_enabled ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: "Whether NVMe over TCP is served." })
  get nvmeOverTcpEnabled(): boolean | null {
    return this.row.nvme_over_tcp_enabled ?? null;
  }

  @Field(() => [Reference], { description: "The datacenters that the cluster stands in." })
  get datacenters(): Reference[] {
    return referencesTo(this.row.datacenters);
  }

  @Field(() => Reference, { nullable: true, description: "The witness of a stretched cluster." })
  get witness(): Reference | null {
    return referenceTo(this.row.witness);
  }

  @Field(() => [Reference], { description: "VM templates of the cluster." })
  get vmTemplates(): Reference[] {
    return referencesTo(this.row.vm_templates);
  }

  @Field(() => AsyncStatus.type, {
    nullable: true,
    description: "What a running task is doing to it; null when none is.",
  })
  get asyncStatus(): string | null {
    return AsyncStatus.fromUpstreamOrNull(this.row.entityAsyncStatus);
  }

  @Field(() => [Reference], { description: "Virtual switches of the cluster." })
  get virtualSwitches(): Reference[] {
    return referencesTo(this.row.vdses);
  }
}
