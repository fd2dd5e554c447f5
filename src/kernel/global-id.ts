import { badInput } from "./errors.js";

/** A CloudTower id, or several of them and other stable keys joined by ":". */
const LOCAL_PART = /^[\w.-]{1,128}(:[\w.-]{1,128}){0,8}$/;
const BARE_ID = /^[\w.-]{1,128}$/;

/** The readable global id of an object: `Vm:cl2k9x...`. */
export function globalId(typename: string, localId: string): string {
  return `${typename}:${localId}`;
}

/**
 * Splits a global id into its type name and the rest.
 *
 * @throws TowerError BAD_USER_INPUT where the text is no global id.
 */
export function splitGlobalId(id: string): { typename: string; localId: string } {
  const colon = id.indexOf(":");
  const localId = id.slice(colon + 1);
  if (colon < 1 || !LOCAL_PART.test(localId)) {
    throw badInput(`expected a global id such as "Vm:cl2k9x0a0", got ${quote(id)}`);
  }
  return { typename: id.slice(0, colon), localId };
}

/**
 * The CloudTower id in an id argument, which may be global (`Vm:cl2k...`) or bare (`cl2k...`).
 *
 * @throws TowerError BAD_USER_INPUT where it is malformed or the id of another type.
 */
export function cloudTowerId(typename: string, id: string): string {
  if (BARE_ID.test(id)) return id;
  const parts = splitGlobalId(id);
  if (parts.typename !== typename) {
    throw badInput(`expected the id of a ${typename}, got the id of a ${parts.typename}: ${quote(id)}`);
  }
  if (!BARE_ID.test(parts.localId)) throw badInput(`expected the id of a ${typename}, got ${quote(id)}`);
  return parts.localId;
}

/** Shows a client's text in a message: quoted, and cut so that a message stays short. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
