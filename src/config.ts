import { checkTogether } from "./config/check-together.js";
import { readSetting } from "./config/read-setting.js";
import type { Setting } from "./config/setting.js";
import { type Config, settings } from "./config/settings.js";
import { type UnknownSetting, unknownSettings } from "./config/unknown-settings.js";

export { ConfigError } from "./config/read-setting.js";
export { type Config, settings } from "./config/settings.js";

type Environment = NodeJS.ProcessEnv;

/** How long a gateway that was told to stop still serves requests. */
export function leaveMs({ shutdownDelaySeconds, nodeEnv }: Config): number {
  return (shutdownDelaySeconds ?? (nodeEnv === "production" ? 5 : 0)) * 1000;
}

/** Reads one setting from the environment. @throws ConfigError if it is invalid. */
export function loadSetting<K extends keyof Config>(name: K, env: Environment = process.env): Config[K] {
  return readSetting(settings[name], env) as Config[K];
}

/**
 * Reads the settings from the environment. An empty variable counts as unset.
 *
 * @throws ConfigError for the first invalid setting, or for settings that contradict each other.
 */
export function loadConfig(env: Environment = process.env): Config {
  const entries = Object.entries(settings as Record<string, Setting<unknown>>);
  const config = Object.freeze(
    Object.fromEntries(entries.map(([name, entry]) => [name, readSetting(entry, env)])),
  ) as Config;
  checkTogether(config);
  return config;
}

/** Variables of the environment that resemble a setting, but are none: probably spelling mistakes. */
export function misspelledSettings(env: Environment = process.env): readonly UnknownSetting[] {
  return unknownSettings(env, Object.values(settings));
}
