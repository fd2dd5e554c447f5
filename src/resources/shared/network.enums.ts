import { defineEnum } from "../../graph/connections/define-enum.js";

/** Purpose of a network. */
export const NetworkType = defineEnum("NetworkType", "Purpose of a network.", {
  VM: "VMs.",
  MANAGEMENT: "Management.",
  STORAGE: "Storage within the cluster.",
  ACCESS: "Access to storage from outside the cluster.",
  STORAGE_ACCESS: "Both storage and access to it.",
  MIGRATION: "Migration of VMs.",
  VPC_VM: "VMs in virtual private clouds.",
  VPC_SYS: "System part of virtual private clouds.",
  ERSPAN: "Mirrored traffic (ERSPAN).",
});
