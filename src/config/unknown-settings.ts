import { distance } from "../kernel/text/distance.js";
import type { Setting } from "./setting.js";

/** A variable of the environment that is probably meant as a setting, but is none. */
export interface UnknownSetting {
  readonly variable: string;
  /** The setting that it resembles. */
  readonly meant: string;
}

/** A name of this many characters may differ in one of them, of twice as many in two. Shorter names resemble too much. */
const CHARACTERS_PER_MISTAKE = 7;
const MAX_MISTAKES = 2;
/** Longer names are none of ours. */
const MAX_LENGTH = 60;

/**
 * Variables that resemble a setting, such as `MAX_DEPHT`, or that name a file for a setting that is not read from one. All others belong
 * to other programs.
 */
export function unknownSettings(
  env: Readonly<Record<string, string | undefined>>,
  settings: readonly Setting<unknown>[],
): readonly UnknownSetting[] {
  const known = settings.flatMap(({ variable, secret }) => (secret ? [variable, `${variable}_FILE`] : [variable]));
  const given = Object.keys(env).filter((name) => env[name] && name.length <= MAX_LENGTH && !known.includes(name));
  return given.flatMap((variable) => {
    const meant = known.find((name) => resembles(variable, name) || variable === `${name}_FILE`);
    return meant === undefined ? [] : { variable, meant };
  });
}

function resembles(given: string, name: string): boolean {
  const allowed = Math.min(MAX_MISTAKES, Math.floor(name.length / CHARACTERS_PER_MISTAKE));
  if (Math.abs(given.length - name.length) > allowed) return false;
  return distance(given.toUpperCase(), name) <= allowed;
}
