import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { NetworkType } from "../network.enums.js";
import { VlanMode } from "./vlan.enums.js";
import { Vlan } from "./vlan.type.js";

/** How virtual networks are listed. */
export const vlanList = new List(
  Vlan,
  new Filter("Vlan", "Vlan", {
    name: "name",
    type: ["type", NetworkType],
    modeType: ["mode_type", VlanMode],
    vlanId: "vlan_id",
    localId: "local_id",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("Vlan", "Vlan", {
    NAME: "name",
    VLAN_ID: "vlan_id",
  }),
);
