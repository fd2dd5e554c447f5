import type { RootField } from "../../graph/root-fields.js";
import { Gateway } from "./gateway.type.js";

/** What `Query.gateway` needs of the context. */
export interface GatewayContext {
  readonly gateway: Gateway;
}

/** `Query.gateway`. */
export const gatewayField: RootField = {
  name: "gateway",
  type: () => Gateway,
  nullable: false,
  description: "What answers here: this gateway, and the CloudTower behind it.",
  args: {},
  resolve: (_, __, context) => (context as unknown as GatewayContext).gateway,
};
