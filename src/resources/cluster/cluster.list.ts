import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { ConnectState } from "./cluster.enums.js";
import { Cluster } from "./cluster.type.js";

/** How clusters are listed. */
export const clusterList = new List(
  Cluster,
  new Filter("Cluster", "Cluster", {
    name: "name",
    version: "version",
    connectState: ["connect_state", ConnectState],
    localId: "local_id",
  }),
  new Orders("Cluster", "Cluster", {
    NAME: "name",
  }),
);
