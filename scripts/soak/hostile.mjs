// The hostile client, a process of its own. On each message with the name of an attack it ends the last one, reports its counts and
// begins the next; without a name it only ends the last one.
// Usage: fork with the arguments <URL of the gateway> <token>
import { ATTACKS } from "./attacks.mjs";

const [url, token] = process.argv.slice(2);
const target = { url: new URL(url), token };
let running;

process.on("message", ({ attack }) => {
  running?.stop();
  process.send({ counts: running?.counts ?? {} });
  running = attack === undefined ? undefined : ATTACKS[attack](target);
});
process.on("disconnect", () => process.exit());
