import type { startGateway } from "../../support/gateway.js";

export { startGateway, type TestGateway } from "../../support/gateway.js";

/** What a gateway for a test can be given. */
export type GatewayOptions = NonNullable<Parameters<typeof startGateway>[0]>;
