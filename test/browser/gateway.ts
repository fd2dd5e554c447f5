import { pino } from "pino";
import { onTestFinished } from "vitest";
import { type App, startApp } from "../../src/app.js";
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

/** A CloudTower, and a gateway in service mode that needs no credential and can be restarted on its port. */
export async function startServiceGateway() {
  const simulator = await startSimulator();
  let app: App | undefined;
  const start = async (port: number) => {
    const settings = {
      ...{ HOST: "127.0.0.1", PORT: String(port), CLOUDTOWER_URL: simulator.url, LOG_LEVEL: "silent" },
      ...{ AUTH_MODE: "service", CLOUDTOWER_TOKEN: simulator.users[0]?.token ?? "", ALLOW_ANONYMOUS: "true" },
    };
    app = await startApp(loadConfig(settings), pino({ level: "silent" }));
    return app.port;
  };
  onTestFinished(async () => {
    await app?.stop();
    await simulator.stop();
  });
  const port = await start(0);
  return {
    simulator,
    origin: `http://127.0.0.1:${port}`,
    stop: () => app?.stop(),
    start: () => start(port),
  };
}

function startQuietly(settings: Record<string, string>) {
  const config = loadConfig({ PORT: "0", HOST: "127.0.0.1", ...settings });
  return startApp(config, pino({ level: "silent" }));
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
