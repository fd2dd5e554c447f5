import { defineEnum } from "../../graph/connections/define-enum.js";

/** Connection between CloudTower and a cluster. */
export const ConnectState = defineEnum("ConnectState", "Connection between CloudTower and a cluster.", {
  CONNECTED: "Connected.",
  CONNECTED_ERROR: "Connected, with errors.",
  DISCONNECTED: "Disconnected; the data shown may be stale.",
  INITIALIZING: "The connection is being set up.",
  REMOVING: "The cluster is being removed from CloudTower.",
});

/** Product that a cluster runs. */
export const ClusterType = defineEnum("ClusterType", "Product that a cluster runs.", {
  SMTX_OS: "SMTX OS: storage and VMs.",
  SMTX_ELF: "SMTX ELF: VMs, on the storage of another cluster.",
  SMTX_ZBS: "SMTX ZBS: storage only.",
  BLUESHARK: "BlueShark.",
});

/** Software edition of a cluster. */
export const SoftwareEdition = defineEnum("SoftwareEdition", "Software edition of a cluster.", {
  COMMUNITY: "Community.",
  ESSENTIAL: "Essential.",
  EXPRESS: "Express.",
  STANDARD: "Standard.",
  ENTERPRISE: "Enterprise.",
  ENTERPRISE_PLUS: "Enterprise Plus.",
  TRIAL: "Trial.",
});

/** CPU architecture. */
export const Architecture = defineEnum("Architecture", "CPU architecture.", {
  X86_64: "x86-64.",
  AARCH64: "64-bit ARM.",
});

/** Hypervisor of a cluster. */
export const Hypervisor = defineEnum("Hypervisor", "Hypervisor of a cluster.", {
  ELF: "ELF, SmartX's own hypervisor.",
  VMWARE: "VMware.",
  XENSERVER: "XenServer.",
  BLUESHARK: "BlueShark.",
});

/** Why CloudTower is disconnected from a cluster. */
export const DisconnectedReason = defineEnum("DisconnectedReason", "Why CloudTower is disconnected from a cluster.", {
  LOAD_CLUSTER_FAILED: "The state of the cluster could not be loaded.",
  LOAD_CLUSTER_NETWORK_ERROR: "A network error occurred.",
  LOAD_CLUSTER_NOT_FOUND: "The cluster no longer exists.",
  LOAD_CLUSTER_UNAUTHORIZED: "The cluster rejects CloudTower's credentials.",
  LOAD_CLUSTER_UNHEALTHY: "The cluster is unhealthy.",
});

/** Time source of a cluster. */
export const NtpMode = defineEnum("NtpMode", "Time source of a cluster.", {
  EXTERNAL: "NTP servers outside the cluster.",
  INTERNAL: "The cluster itself.",
});
