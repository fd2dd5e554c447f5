import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { VmNicModel } from "../shared/vm-configuration.enums.js";
import { VmNicType } from "./vm-nic.enums.js";
import { VmNic } from "./vm-nic.type.js";

/** How NICs are listed. Like disks they have no condition on the id, and cursors last as long as nobody changes the VM. */
export const vmNicList = new Listing(
  VmNic,
  new Filter(
    "VmNic",
    "VmNic",
    {
      macAddress: "mac_address",
      ipAddress: "ip_address",
      gateway: "gateway",
      type: ["type", VmNicType],
      model: ["model", VmNicModel],
      order: "order",
      enabled: "enabled",
      mirror: "mirror",
      interfaceId: "interface_id",
      localId: "local_id",
    },
    { byId: false },
  ),
  new Orders("VmNic", "VmNic", {
    ORDER: "order",
    MAC_ADDRESS: "mac_address",
    IP_ADDRESS: "ip_address",
  }),
);
