import { defineEnum } from "../../graph/connections/define-enum.js";

/** What a NIC is connected to. */
export const VmNicType = defineEnum("VmNicType", "What a NIC is connected to.", {
  VLAN: "A VLAN.",
  VPC: "A virtual private cloud.",
});
