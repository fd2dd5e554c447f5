import { defineEnum } from "../../graph/connections/define-enum.js";

/** How frames of a network are tagged. */
export const VlanMode = defineEnum("VlanMode", "How frames of a network are tagged.", {
  VLAN_ACCESS: "One VLAN id (access).",
  VLAN_TRUNK: "Several VLAN ids (trunk).",
  VXLAN: "VXLAN.",
  GENEVE: "Geneve.",
});
