import { entities } from "./contract.js";
import type { Entity } from "./types.js";

/** Endpoint that lists an entity, such as `get-vms`. */
export function endpointOf(entity: Entity): string {
  return `get-${entities[entity].path}`;
}

/**
 * Endpoint that lists the same rows without the executions that plans carry inline, by the endpoint that it stands in for. Not every
 * version has it: its name is in the table of arrivals.
 */
export const leanEndpoints: Readonly<Record<string, string>> = {
  "get-backup-plans": "get-backup-plans-without-executions",
  "get-replication-plans": "get-replication-plans-without-executions",
};

/** Endpoint that counts an entity, such as `get-vms-connection`. */
export function countEndpointOf(entity: Entity): string {
  return `${endpointOf(entity)}-connection`;
}
