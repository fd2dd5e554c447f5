import { defineEnum } from "../../graph/connections/define-enum.js";

/** State of a host as seen by CloudTower. */
export const HostStatus = defineEnum("HostStatus", "State of a host as seen by CloudTower.", {
  CONNECTED_HEALTHY: "Connected and healthy.",
  CONNECTED_WARNING: "Connected, with warnings.",
  CONNECTED_ERROR: "Connected, with errors.",
  CONNECTING: "The connection is being established.",
  INITIALIZING: "The host is being set up.",
  SESSION_EXPIRED: "The session with the host has expired.",
});

/** Whether CloudTower is connected to a host. */
export const HostConnectStatus = defineEnum("HostConnectStatus", "Whether CloudTower is connected to a host.", {
  CONNECTED: "Connected.",
  DISCONNECTED: "Disconnected; the data shown may be stale.",
});

/** State of a host, with its connection. */
export const HostMergedStatus = defineEnum("HostMergedStatus", "State of a host, combined with its connection.", {
  HEALTHY: "Connected and healthy.",
  UNUSUAL: "Connected, with warnings or errors.",
  INITIALIZING: "The host is being set up.",
  DISCONNECTED: "Disconnected; the data shown may be stale.",
});

/** Whether a host is in use. */
export const HostState = defineEnum("HostState", "Whether a host is in use.", {
  IN_USE: "In use.",
  IDLE: "Not in use.",
  REMOVING: "The host is being removed from its cluster.",
});

/** Maintenance state of a host. */
export const MaintenanceState = defineEnum("MaintenanceState", "Maintenance state of a host.", {
  IN_USE: "In use.",
  ENTERING_MAINTENANCE_MODE: "Entering maintenance; VMs are being moved to other hosts.",
  MAINTENANCE_MODE: "In maintenance.",
  REMOVING: "The host is being removed from its cluster.",
});

/** Unit of fan speeds. */
export const FanSpeedUnit = defineEnum("FanSpeedUnit", "Unit of fan speeds.", {
  RPM: "Revolutions per minute.",
  PERCENT: "Percent of full speed.",
});

/** Whether a host can pass devices through to VMs. */
export const IommuStatus = defineEnum("IommuStatus", "Whether a host can pass devices through to VMs.", {
  ENABLE: "Passthrough is possible.",
  DISABLE: "Passthrough is not possible.",
  NEED_REBOOT: "Passthrough is possible after a reboot.",
});
