import { defineEnum } from "../../graph/connections/define-enum.js";

/** How frames of a network are tagged. */
export const VlanMode = defineEnum("VlanMode", "How frames of a network are tagged.", {
  VLAN_ACCESS: "With one VLAN id.",
  VLAN_TRUNK: "With several VLAN ids (trunk).",
  VXLAN: "VXLAN.",
  GENEVE: "GENEVE.",
});
