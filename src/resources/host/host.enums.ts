import { defineEnum } from "../../graph/define-enum.js";

/** State of a host as CloudTower sees it. */
export const HostStatus = defineEnum("HostStatus", "State of a host as CloudTower sees it.", {
  CONNECTED_HEALTHY: "Connected, and nothing is wrong.",
  CONNECTED_WARNING: "Connected, with warnings.",
  CONNECTED_ERROR: "Connected, with errors.",
  CONNECTING: "The connection is being made.",
  INITIALIZING: "It is being set up.",
  SESSION_EXPIRED: "The session with it has ended.",
});
