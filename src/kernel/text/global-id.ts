import { badInput } from "../errors.js";
import { shorten } from "./shorten.js";

/** A CloudTower id, or several ids and other stable keys joined by ":". */
const LOCAL_PART = /^[\w.-]{1,128}(:[\w.-]{1,128}){0,8}$/;
const BARE_ID = /^[\w.-]{1,128}$/;

/** Readable global id of an object, such as `Vm:cl2k9x...`. */
export function globalId(typename: string, localId: string): string {
  return `${typename}:${localId}`;
}

/**
 * Splits a global id into its type name and the local id.
 *
 * @throws TowerError BAD_USER_INPUT if the id is malformed.
 */
export function splitGlobalId(id: string): { typename: string; localId: string } {
  const colon = id.indexOf(":");
  const localId = id.slice(colon + 1);
  if (colon < 1 || !LOCAL_PART.test(localId)) {
    throw badInput(`Not a global id such as "Vm:cl2k9x0a0": ${quote(id)}.`);
  }
  return { typename: id.slice(0, colon), localId };
}

/**
 * CloudTower id from an id argument, which may be global (`Vm:cl2k...`) or bare (`cl2k...`).
 *
 * @throws TowerError BAD_USER_INPUT if it is malformed or belongs to another type.
 */
export function cloudTowerId(typename: string, id: string): string {
  if (isCloudTowerId(id)) return id;
  const parts = splitGlobalId(id);
  if (parts.typename !== typename) {
    throw badInput(`Not the id of a ${typename}, but of a ${parts.typename}: ${quote(id)}.`);
  }
  if (!isCloudTowerId(parts.localId)) throw badInput(`Not the id of a ${typename}: ${quote(id)}.`);
  return parts.localId;
}

/** Whether the text has the form of a CloudTower id. */
export function isCloudTowerId(text: string): boolean {
  return BARE_ID.test(text);
}

/** A client's text for a message: quoted, and shortened to 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text, 80, "..."));
}
