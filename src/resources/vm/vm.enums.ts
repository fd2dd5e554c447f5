import { defineEnum } from "../../graph/connections/define-enum.js";

/** Power state of a VM. */
export const VmStatus = defineEnum("VmStatus", "Power state of a VM.", {
  RUNNING: "Running.",
  STOPPED: "Powered off.",
  SUSPENDED: "Suspended.",
  DELETED: "Deleted.",
  UNKNOWN: "Unknown to CloudTower, or a value that this version of TowerQL does not know.",
});

/** State of the guest tools. */
export const VmToolsStatus = defineEnum("VmToolsStatus", "State of the guest tools (VMTools).", {
  RUNNING: "Running; file-system-consistent snapshots are possible.",
  NOT_RUNNING: "Installed but not running.",
  NOT_INSTALLED: "Not installed.",
  RESTRICTION: "Running with restrictions.",
});

/** Video adapter of a VM. */
export const VmVideoType = defineEnum("VmVideoType", "Video adapter of a VM.", {
  CIRRUS: "Cirrus.",
  QXL: "QXL.",
  VGA: "VGA.",
  VIRTIO: "VirtIO.",
});

/** Operating system family of a guest. */
export const GuestOsType = defineEnum("GuestOsType", "Operating system family of a guest.", {
  LINUX: "Linux.",
  WINDOWS: "Windows.",
  UNKNOWN: "Unknown to CloudTower, or a value that this version of TowerQL does not know.",
});

/** Purpose of a system VM. */
export const VmUsage = defineEnum("VmUsage", "Purpose of a system VM.", {
  ADVANCED_MONITORING: "Advanced monitoring.",
  AGENT_MESH_NODE: "Node of the agent mesh.",
  BACKUP_CONTROLLER: "Backup controller.",
  BUNDLE_APPLICATION: "Bundled application.",
  CLOUDTOWER: "CloudTower itself.",
  CLOUDTOWER_PASSIVE: "Passive part of a highly available CloudTower.",
  CLOUDTOWER_WITNESS: "Witness of a highly available CloudTower.",
  EVEROUTE_CONTROLLER: "Network controller.",
  REGISTRY: "Image registry.",
  REPLICATION_CONTROLLER: "Replication controller.",
  SFS_CONTROLLER: "File service controller.",
  SHARE_REGISTRY: "Shared image registry.",
  SKS_MANAGEMENT: "Management of Kubernetes clusters.",
});
