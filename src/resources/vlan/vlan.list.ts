import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { NetworkType } from "../shared/network.enums.js";
import { VlanMode } from "./vlan.enums.js";
import { Vlan } from "./vlan.type.js";

/** How virtual networks are listed. */
export const vlanList = new Listing(
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
