import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IscsiTarget } from "./iscsi-target.type.js";

/** How iSCSI targets are listed. */
export const iscsiTargetList = new Listing(
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
