import { defineEnum } from "../../graph/connections/define-enum.js";

/** State of a host as CloudTower sees it. */
export const HostStatus = defineEnum("HostStatus", "State of a host as CloudTower sees it.", {
  CONNECTED_HEALTHY: "Connected, and nothing is wrong.",
  CONNECTED_WARNING: "Connected, with warnings.",
  CONNECTED_ERROR: "Connected, with errors.",
  CONNECTING: "The connection is being made.",
  INITIALIZING: "It is being set up.",
  SESSION_EXPIRED: "The session with it has ended.",
});

/** Whether a host takes part in its cluster. */
export const HostState = defineEnum("HostState", "Whether a host takes part in its cluster.", {
  IN_USE: "It does.",
  IDLE: "It does not.",
  REMOVING: "It is being taken out.",
});

/** Where a host stands between use and maintenance. */
export const MaintenanceState = defineEnum("MaintenanceState", "Where a host stands between use and maintenance.", {
  IN_USE: "In use.",
  ENTERING_MAINTENANCE_MODE: "On its way into maintenance: VMs move away.",
  MAINTENANCE_MODE: "In maintenance.",
  REMOVING: "It is being taken out.",
});

/** What fan speeds count. */
export const FanSpeedUnit = defineEnum("FanSpeedUnit", "What fan speeds count.", {
  RPM: "Revolutions per minute.",
  PERCENT: "Percent of the full speed.",
});

/** Whether devices can be passed through to VMs. */
export const IommuStatus = defineEnum("IommuStatus", "Whether a host can pass devices through to VMs.", {
  ENABLE: "It can.",
  DISABLE: "It cannot.",
  NEED_REBOOT: "It can after the next start.",
});
