import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { HostStatus } from "./host.enums.js";
import { Host } from "./host.type.js";

/** How hosts are listed. */
export const hostList = new List(
  Host,
  new Filter("Host", "Host", {
    name: "name",
    managementIp: "management_ip",
    status: ["status", HostStatus],
    localId: "local_id",
  }),
  new Orders("Host", "Host", {
    NAME: "name",
  }),
);
