import type { GraphContext } from "../../graph/loading/graph-context.js";
import type { RootField } from "../../graph/schema/root-fields.js";
import { Gateway } from "./gateway.type.js";

/** What `Query.gateway` needs of the context. */
export interface GatewayContext {
  readonly graph: GraphContext;
  readonly gateway: Gateway;
}

/** `Query.gateway`. */
export const gatewayField: RootField<GatewayContext> = {
  name: "gateway",
  type: () => Gateway,
  nullable: false,
  description: "What answers here: this gateway, and the CloudTower behind it.",
  args: {},
  resolve: (_, __, { gateway }) => gateway,
};
