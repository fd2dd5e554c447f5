// A gateway as a process, like main.js, but with leases of LEASE_MS, so that tests need not wait for ten seconds.
import { startApp } from "../../../dist/app.js";
import { loadConfig } from "../../../dist/config.js";
import { createLogger } from "../../../dist/observe/log.js";

const config = loadConfig();
const app = await startApp(config, createLogger(config.logLevel), { leaseMs: Number(process.env.LEASE_MS) });
process.stdout.write(`listens on http://127.0.0.1:${app.port}\n`);
process.once("SIGTERM", () => void app.stop().then(() => process.exit(0)));
