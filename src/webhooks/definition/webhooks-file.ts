import { X509Certificate } from "node:crypto";
import { dirname, resolve } from "node:path";
import { quote } from "../../kernel/text/global-id.js";
import { readJsonFile, readTextFile } from "../../kernel/text/json-file.js";
import { type WebhookDefinition, WebhooksFileError } from "./webhook-definition.js";
import { parseSecrets, SECRETS_EXPECTED } from "./webhook-secrets.js";

const MAX_WEBHOOKS = 100;
/** A name is part of a file name and of metrics. */
const NAME = /^[A-Za-z\d][A-Za-z\d._-]{0,63}$/;
const FIELDS = ["name", "url", "secretFile", "caFile", "insecure", "subscription"];

/** An entry of the file with its place in it. */
interface Entry {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Throws an error that names the file, the entry and the field. */
  fail(field: string, problem: string): never;
}

/**
 * Reads the webhooks that a file defines: a JSON list of objects. Other files that it names are relative to its own folder.
 *
 * @throws WebhooksFileError for the first mistake.
 */
export function readWebhooksFile(path: string): readonly WebhookDefinition[] {
  const list = parsedFile(path);
  if (!Array.isArray(list)) throw new WebhooksFileError(`WEBHOOKS_FILE ${path} must be a JSON list of webhooks.`);
  if (list.length > MAX_WEBHOOKS) {
    throw new WebhooksFileError(
      `WEBHOOKS_FILE ${path} must have at most ${MAX_WEBHOOKS} webhooks, got ${list.length}.`,
    );
  }
  const entries = list.map((item, index) => entryOf(item, index, path));
  const names = new Map<string, number>();
  return entries.map((entry, index) => {
    const definition = definitionOf(entry, dirname(path));
    // Their state files must differ on file systems that ignore case.
    const key = definition.name.toLowerCase();
    const earlier = names.get(key);
    if (earlier !== undefined) entry.fail("name", `must be unique, but entry ${earlier} has it too`);
    names.set(key, index + 1);
    return definition;
  });
}

/** An error about the document of an entry, in the words of the errors of this file. */
export function subscriptionError(path: string, place: { index: number; name: string }, problem: string) {
  return new WebhooksFileError(`${placeOf(path, place.index, place.name)}, field "subscription": ${problem}`);
}

function parsedFile(path: string): unknown {
  try {
    return readJsonFile(path, "WEBHOOKS_FILE");
  } catch (error) {
    throw new WebhooksFileError((error as Error).message);
  }
}

function placeOf(path: string, index: number, name: unknown): string {
  return `WEBHOOKS_FILE ${path}, entry ${index + 1}${typeof name === "string" ? ` (${quote(name)})` : ""}`;
}

function entryOf(item: unknown, index: number, path: string): Entry {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new WebhooksFileError(`${placeOf(path, index, undefined)} must be an object.`);
  }
  const fields = item as Record<string, unknown>;
  const fail = (field: string, problem: string): never => {
    throw new WebhooksFileError(`${placeOf(path, index, fields.name)}, field "${field}" ${problem}.`);
  };
  for (const field of Object.keys(fields)) {
    if (!FIELDS.includes(field)) {
      throw new WebhooksFileError(
        `${placeOf(path, index, fields.name)} has an unknown field ${quote(field)}: the fields are ${FIELDS.join(", ")}.`,
      );
    }
  }
  return { fields, fail };
}

function definitionOf(entry: Entry, folder: string): WebhookDefinition {
  const name = textOf(entry, "name");
  if (!NAME.test(name)) {
    entry.fail("name", "must have 1 to 64 letters, digits and . _ -, and begin with a letter or a digit");
  }
  const insecure = flagOf(entry, "insecure");
  const url = urlOf(entry, insecure);
  const secretPath = resolve(folder, textOf(entry, "secretFile"));
  const secrets = parseSecrets(fileOf(entry, "secretFile", secretPath));
  if (secrets === undefined) return entry.fail("secretFile", `must name a file with ${SECRETS_EXPECTED}`);
  return { name, url, secrets, ca: caOf(entry, folder), insecure, subscription: textOf(entry, "subscription") };
}

function textOf({ fields, fail }: Entry, field: string): string {
  const value = fields[field];
  if (value === undefined) return fail(field, "is missing");
  if (typeof value !== "string" || value.trim() === "") return fail(field, "must be a text that is not empty");
  return value;
}

function flagOf({ fields, fail }: Entry, field: string): boolean {
  const value = fields[field] ?? false;
  return typeof value === "boolean" ? value : fail(field, "must be true or false");
}

/** The address may hold secrets, so that errors do not show it. */
function urlOf(entry: Entry, insecure: boolean): string {
  const text = textOf(entry, "url");
  const { fail } = entry;
  if (!/^https?:\/\/[^\s\\/]/i.test(text) || /[\s\\]/.test(text) || !URL.canParse(text)) {
    return fail("url", "must be an https URL such as https://backup.example/hooks/towerql");
  }
  const url = new URL(text);
  if (url.protocol === "http:" && !insecure) {
    return fail("url", 'must be an https URL; to send events unencrypted, write "insecure": true');
  }
  if (url.username !== "" || url.password !== "") return fail("url", "must have no user name and no password");
  if (url.hash !== "") return fail("url", "must have no fragment");
  return url.href;
}

function caOf(entry: Entry, folder: string): string | undefined {
  if (entry.fields.caFile === undefined) return undefined;
  const pem = fileOf(entry, "caFile", resolve(folder, textOf(entry, "caFile")));
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    return entry.fail("caFile", "must name a PEM file with a certificate");
  }
}

function fileOf({ fail }: Entry, field: string, path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    return fail(field, `must name a readable file: ${(error as Error).message}`);
  }
}
