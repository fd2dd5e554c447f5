import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { IscsiTarget } from "./iscsi-target.type.js";

/** How iSCSI targets are listed. */
export const iscsiTargetList = new List(
  IscsiTarget,
  new Filter("IscsiTarget", "IscsiTarget", {
    name: "name",
    description: "description",
    iqnName: "iqn_name",
    internal: "internal",
    externalUse: "external_use",
    chapEnabled: "chap_enabled",
    localId: "local_id",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("IscsiTarget", "IscsiTarget", {
    NAME: "name",
    IQN_NAME: "iqn_name",
  }),
);
