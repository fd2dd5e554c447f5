import { quote } from "../../kernel/text/global-id.js";
import { readJsonFile } from "../../kernel/text/json-file.js";
import { ROLES, type Role } from "./roles.js";

/** A client that a file defines: one key of it. */
export interface ClientDefinition {
  readonly name: string;
  /** SHA-256 of the key, in lower-case hex. */
  readonly keySha256: string;
  readonly role: Role;
  /** When the key is no longer accepted, in milliseconds since 1970. @default never */
  readonly expiresAt?: number;
}

const MAX_CLIENTS = 1_000;
const FIELDS = ["name", "keySha256", "role", "expires"];
/** A name is a label of metrics and part of log lines. */
const NAME = /^[A-Za-z\d][A-Za-z\d._-]{0,63}$/;
/** Names in metrics of clients that no file defines. */
const RESERVED = ["api-key", "token", "anonymous", "other"];
const SHA256 = /^[\da-f]{64}$/i;
/** With a time zone: a local time would depend on the machine. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Reads the clients that a file defines: a JSON list of objects, one for each key. Several keys may have the same name while one replaces
 * the other.
 *
 * @throws Error for the first mistake; its message is a sentence that names the file, the entry and the field.
 */
export function readClientsFile(path: string): readonly ClientDefinition[] {
  const list = readJsonFile(path, "CLIENTS_FILE");
  if (!Array.isArray(list)) throw new Error(`CLIENTS_FILE ${path} must be a JSON list of clients.`);
  if (list.length === 0) throw new Error(`CLIENTS_FILE ${path} must have at least one client.`);
  if (list.length > MAX_CLIENTS) {
    throw new Error(`CLIENTS_FILE ${path} must have at most ${MAX_CLIENTS} clients, got ${list.length}.`);
  }
  const definitions: ClientDefinition[] = [];
  for (const [index, item] of list.entries()) {
    const definition = definitionOf(item, (name) => placeOf(path, index, name));
    checkAgainst(definitions, definition, placeOf(path, index, definition.name));
    definitions.push(definition);
  }
  return definitions;
}

function placeOf(path: string, index: number, name: unknown): string {
  return `CLIENTS_FILE ${path}, entry ${index + 1}${typeof name === "string" ? ` (${quote(name)})` : ""}`;
}

function definitionOf(item: unknown, place: (name: unknown) => string): ClientDefinition {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new Error(`${place(undefined)} must be an object.`);
  }
  const { name, keySha256, role, expires } = item as Readonly<Record<string, unknown>>;
  const fail = (field: string, problem: string): never => {
    throw new Error(`${place(name)}, field "${field}" ${problem}.`);
  };
  for (const field of Object.keys(item)) {
    if (!FIELDS.includes(field)) fail(field, `is unknown: the fields are ${FIELDS.join(", ")}`);
  }
  if (typeof name !== "string" || !NAME.test(name)) {
    return fail("name", "must have 1 to 64 letters, digits and . _ -, and begin with a letter or a digit");
  }
  if (RESERVED.includes(name)) return fail("name", `must not be ${RESERVED.join(", ")}: metrics use these names`);
  if (typeof keySha256 !== "string" || !SHA256.test(keySha256)) {
    return fail("keySha256", "must be the SHA-256 of the key in 64 hex digits, as `towerql keys new` prints it");
  }
  if (!isRole(role)) return fail("role", `must be ${ROLES.join(" or ")}`);
  const expiresAt = expires === undefined ? undefined : timeOf(expires);
  if (Number.isNaN(expiresAt)) {
    return fail("expires", "must be a date such as 2027-01-31, or a time with its zone such as 2027-01-31T12:00:00Z");
  }
  return { name, keySha256: keySha256.toLowerCase(), role, expiresAt };
}

function isRole(value: unknown): value is Role {
  return (ROLES as readonly unknown[]).includes(value);
}

/** Milliseconds since 1970; NaN if it is no time. */
function timeOf(value: unknown): number {
  if (typeof value !== "string" || !TIME.test(value)) return Number.NaN;
  const time = Date.parse(value);
  // A day such as February 30 would become another one.
  const [day = ""] = value.split("T");
  return Number.isNaN(time) || !new Date(day).toJSON()?.startsWith(day) ? Number.NaN : time;
}

/** @throws Error if the key is defined already, or the name has another role. */
function checkAgainst(
  earlier: readonly ClientDefinition[],
  { name, keySha256, role }: ClientDefinition,
  place: string,
) {
  for (const [index, other] of earlier.entries()) {
    if (other.keySha256 === keySha256) {
      throw new Error(`${place}, field "keySha256" must be unique, but entry ${index + 1} has it too.`);
    }
    if (other.name === name && other.role !== role) {
      throw new Error(`${place}, field "role" must be the role of the same name in entry ${index + 1}.`);
    }
  }
}
