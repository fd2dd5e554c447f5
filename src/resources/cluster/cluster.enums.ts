import { defineEnum } from "../../graph/connections/define-enum.js";

/** Whether CloudTower reaches a cluster. */
export const ConnectState = defineEnum("ConnectState", "Whether CloudTower reaches a cluster.", {
  CONNECTED: "It does.",
  DISCONNECTED: "It does not; what is shown may be old.",
  INITIALIZING: "The connection is being set up.",
  REMOVING: "The cluster is being taken out of CloudTower.",
});

/** Which product a cluster runs. */
export const ClusterType = defineEnum("ClusterType", "Which product a cluster runs.", {
  SMTX_OS: "SMTX OS: storage and VMs.",
  SMTX_ELF: "SMTX ELF: VMs on storage of another cluster.",
  SMTX_ZBS: "SMTX ZBS: storage alone.",
  BLUESHARK: "BlueShark.",
});

/** Edition of a cluster's software. */
export const SoftwareEdition = defineEnum("SoftwareEdition", "Edition of a cluster's software.", {
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
  ELF: "ELF, SmartX's own.",
  VMWARE: "VMware.",
  XENSERVER: "XenServer.",
  BLUESHARK: "BlueShark.",
});

/** Why CloudTower does not reach a cluster. */
export const DisconnectedReason = defineEnum("DisconnectedReason", "Why CloudTower does not reach a cluster.", {
  LOAD_CLUSTER_FAILED: "Its state could not be loaded.",
  LOAD_CLUSTER_NETWORK_ERROR: "The network.",
  LOAD_CLUSTER_NOT_FOUND: "There is no such cluster any more.",
  LOAD_CLUSTER_UNAUTHORIZED: "It refuses CloudTower's credential.",
  LOAD_CLUSTER_UNHEALTHY: "It is not healthy.",
});

/** Where a cluster's time comes from. */
export const NtpMode = defineEnum("NtpMode", "Where a cluster's time comes from.", {
  EXTERNAL: "Time servers outside the cluster.",
  INTERNAL: "The cluster itself.",
});
