import { defineEnum } from "../../graph/connections/define-enum.js";

/** How frames of a network are marked. */
export const VlanMode = defineEnum("VlanMode", "How frames of a network are marked.", {
  VLAN_ACCESS: "With one VLAN number.",
  VLAN_TRUNK: "With several VLAN numbers.",
  VXLAN: "VXLAN.",
  GENEVE: "GENEVE.",
});
