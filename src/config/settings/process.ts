import { host } from "../network-parsers.js";
import { integer, oneOf } from "../parsers.js";
import { optional, setting } from "../setting.js";

/** Process: where it listens and how it stops. */
export const processSettings = {
  port: setting("PORT", integer(0, 65_535), "4000", "Port to listen on; 0 for any free port."),
  host: setting("HOST", host, "0.0.0.0", "IP address, or name of one, to listen on."),
  nodeEnv: setting(
    "NODE_ENV",
    oneOf("development", "production", "test"),
    "development",
    "`development`, `production` or `test`. With `production`, the gateway does not start without CLOUDTOWER_URL, unless SIMULATOR is on.",
  ),
  shutdownDelaySeconds: optional(
    "SHUTDOWN_DELAY_SECONDS",
    integer(0, 300),
    "How long a gateway that was told to stop still serves requests while `/readyz` says 503, in seconds, so that balancers send no more. If empty, 5 with NODE_ENV=production, else 0.",
  ),
} as const;
