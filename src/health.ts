import { localUrl } from "./config/local-url.js";
import { ConfigError, loadSetting } from "./config.js";

/**
 * The health check of the container: exits with code 0 if a gateway with the same settings runs, else with 1. Reads only the settings
 * of its address.
 */
async function main(): Promise<void> {
  const address = { host: loadSetting("host"), port: loadSetting("port"), basePath: loadSetting("basePath") };
  const url = localUrl(address, "/healthz");
  const { status } = await fetch(url);
  if (status !== 200) throw new Error(`${url} responded with HTTP ${status}`);
}

main().catch((error: Error) => {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  process.stderr.write(`${error instanceof ConfigError ? "" : "not healthy: "}${error.message}${cause}\n`);
  process.exitCode = 1;
});
