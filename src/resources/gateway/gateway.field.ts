import type { GraphContext } from "../../graph/loading/graph-context.js";
import type { RootField } from "../../graph/schema/root-fields.js";
import { Gateway } from "./gateway.type.js";

/** Part of the context that `Query.gateway` uses. */
export interface GatewayContext {
  readonly graph: GraphContext;
  readonly gateway: Gateway;
}

/** `Query.gateway`. */
export const gatewayField: RootField<GatewayContext> = {
  name: "gateway",
  type: () => Gateway,
  nullable: false,
  description: "This gateway and the CloudTower that it connects to.",
  args: {},
  resolve: (_, __, { gateway }) => gateway,
};
