import { pino } from "pino";
import { startApp } from "../../src/app.js";
import { loadConfig } from "../../src/config.js";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";

/** A gateway on loopback and its simulator. `await using` stops both. */
export interface Gateway extends AsyncDisposable {
  readonly origin: string;
  readonly simulator: Simulator;
}

/** As started by `npm start`: with the embedded simulator. Clients without a token act as its administrator. */
export async function startDemoGateway(): Promise<Gateway> {
  const app = await startQuietly({});
  if (!app.simulator) throw new Error("the gateway started without its simulator");
  return { origin: originOf(app.port), simulator: app.simulator, [Symbol.asyncDispose]: app.stop };
}

/** As started with a real CloudTower: each client sends its own token. */
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
