import type { startGateway } from "../../support/gateway.js";

export { startGateway, type TestGateway } from "../../support/gateway.js";

/** Options for a gateway in a test. */
export type GatewayOptions = NonNullable<Parameters<typeof startGateway>[0]>;
