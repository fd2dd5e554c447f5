import { entities } from "./contract.js";
import type { Entity } from "./types.js";

/** Endpoint that lists an entity, such as `get-vms`. */
export function endpointOf(entity: Entity): string {
  return `get-${entities[entity].path}`;
}

/** Endpoint that counts an entity, such as `get-vms-connection`. */
export function countEndpointOf(entity: Entity): string {
  return `${endpointOf(entity)}-connection`;
}
