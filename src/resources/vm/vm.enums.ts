import { defineEnum } from "../../graph/connections/define-enum.js";

/** Power state of a VM. */
export const VmStatus = defineEnum("VmStatus", "Power state of a VM.", {
  RUNNING: "It runs.",
  STOPPED: "It is powered off.",
  SUSPENDED: "It is suspended.",
  DELETED: "It was deleted.",
  UNKNOWN: "CloudTower does not know the state, or this version of TowerQL does not know the value.",
});

/** State of the guest agent. */
export const VmToolsStatus = defineEnum("VmToolsStatus", "State of the guest agent, VMTools.", {
  RUNNING: "It runs: file-system-consistent snapshots are possible.",
  NOT_RUNNING: "It is installed but does not run.",
  NOT_INSTALLED: "It is not installed.",
  RESTRICTION: "It runs with restrictions.",
});

/** Video adapter of a VM. */
export const VmVideoType = defineEnum("VmVideoType", "Video adapter of a VM.", {
  CIRRUS: "Cirrus.",
  QXL: "QXL.",
  VGA: "VGA.",
  VIRTIO: "VirtIO.",
});

/** Family of a guest's operating system. */
export const GuestOsType = defineEnum("GuestOsType", "Family of a guest's operating system.", {
  LINUX: "Linux.",
  WINDOWS: "Windows.",
  UNKNOWN: "It is not known, or this version of TowerQL does not know the value.",
});

/** What a VM does for the system. */
export const VmUsage = defineEnum("VmUsage", "What a VM does for the system.", {
  ADVANCED_MONITORING: "Advanced monitoring.",
  AGENT_MESH_NODE: "A node of the agent mesh.",
  BACKUP_CONTROLLER: "Controls backups.",
  BUNDLE_APPLICATION: "A bundled application.",
  CLOUDTOWER: "CloudTower itself.",
  EVEROUTE_CONTROLLER: "Controls the network.",
  REGISTRY: "A registry of images.",
  REPLICATION_CONTROLLER: "Controls replication.",
  SFS_CONTROLLER: "Controls the file service.",
  SHARE_REGISTRY: "A shared registry of images.",
  SKS_MANAGEMENT: "Manages Kubernetes clusters.",
});
