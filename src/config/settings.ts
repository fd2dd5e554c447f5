import type { Setting } from "./setting.js";
import { callsSettings } from "./settings/calls.js";
import { clientsSettings } from "./settings/clients.js";
import { cloudtowerSettings } from "./settings/cloudtower.js";
import { httpSettings } from "./settings/http.js";
import { observeSettings } from "./settings/observe.js";
import { operationsSettings } from "./settings/operations.js";
import { processSettings } from "./settings/process.js";
import { stateSettings } from "./settings/state.js";

/** All settings: variable, parser, default and meaning. The settings table of README.md is generated from this one. */
export const settings = {
  ...processSettings,
  ...cloudtowerSettings,
  ...callsSettings,
  ...stateSettings,
  ...observeSettings,
  ...operationsSettings,
  ...clientsSettings,
  ...httpSettings,
} as const;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The settings of a process, frozen. */
export type Config = { readonly [K in keyof typeof settings]: ValueOf<(typeof settings)[K]> };
