import { pino } from "pino";
import { startApp } from "../../src/app.js";
import { loadConfig } from "../../src/config.js";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";

/** A whole gateway on loopback and the simulator behind it; `await using` ends both. */
export interface Gateway extends AsyncDisposable {
  readonly origin: string;
  readonly simulator: Simulator;
}

/** As `npm start` starts it: the simulator is embedded, and whoever sends no token acts as its administrator. */
export async function startDemoGateway(): Promise<Gateway> {
  const app = await startQuietly({});
  if (!app.simulator) throw new Error("the gateway started without its simulator");
  return { origin: originOf(app.port), simulator: app.simulator, [Symbol.asyncDispose]: app.stop };
}

/** As in front of a real CloudTower, with each client's own token. */
export async function startForwardingGateway(): Promise<Gateway> {
  const simulator = await startSimulator();
  const app = await startQuietly({ CLOUDTOWER_URL: simulator.url });
  return {
    origin: originOf(app.port),
    simulator,
    async [Symbol.asyncDispose]() {
      await app.stop();
      await simulator.stop();
    },
  };
}

function startQuietly(settings: Record<string, string>) {
  const config = loadConfig({ PORT: "0", HOST: "127.0.0.1", ...settings });
  return startApp(config, pino({ level: "silent" }));
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
