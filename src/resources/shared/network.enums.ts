import { defineEnum } from "../../graph/connections/define-enum.js";

/** What a network is for. */
export const NetworkType = defineEnum("NetworkType", "What a network is for.", {
  VM: "VMs.",
  MANAGEMENT: "Management.",
  STORAGE: "Storage, within the cluster.",
  ACCESS: "Access to storage from outside.",
  STORAGE_ACCESS: "Storage and the access to it.",
  MIGRATION: "Migration of VMs.",
  VPC_VM: "VMs in virtual private clouds.",
  VPC_SYS: "The system's part of virtual private clouds.",
});
