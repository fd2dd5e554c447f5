/** What the page has to know of its gateway before it can run a query: `graphiql/environment.json`. */
export interface PageEnvironment {
  /** Version of TowerQL. */
  readonly version: string;
  /** Whether the data is that of the embedded simulator. */
  readonly simulated: boolean;
  /** What clients send as Authorization: a CloudTower token, or an API key of the gateway. */
  readonly credential: "token" | "apiKey";
  /** Who clients without a credential are; null if they are refused. */
  readonly anonymous: string | null;
  /** Users of the embedded simulator to try permissions with; the token of each is an Authorization. */
  readonly users: readonly PageUser[];
}

/** A user of the embedded simulator. */
export interface PageUser {
  readonly username: string;
  readonly token: string;
  /** What the user may do, for people. */
  readonly description: string;
}
