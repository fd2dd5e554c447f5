import { createHash, timingSafeEqual } from "node:crypto";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import type { Language } from "../upstream/client.js";
import { type Credential, forwardedCredential } from "../upstream/credential.js";

/** Finds out for whom CloudTower is called, by what the client sent as Authorization. */
export type CallerOf = (authorization: string | undefined) => Credential;

/** Each client's own token goes upstream. `fallback` is whom a client without one acts as; only the simulator has it. */
export function forwardCallers(fallback?: string): CallerOf {
  return (authorization) => forwardedCredential(tokenIn(authorization) ?? fallback);
}

/** Clients show a key of this gateway, and the gateway's own credential goes upstream. */
export function serviceCallers(keys: readonly string[], credential: Credential): CallerOf {
  const known = keys.map(digest);
  return (authorization) => {
    const given = digest(tokenIn(authorization) ?? "");
    // Every key is compared, so that the time tells nothing.
    const accepted = known.filter((key) => timingSafeEqual(key, given)).length > 0;
    return accepted ? credential : REFUSED;
  };
}

/** Refuses when it is used, so that what needs no CloudTower is answered without a key. */
const REFUSED: Credential = {
  key: "refused",
  token() {
    const message = "expected one of the gateway's API keys in the Authorization header, got none of them";
    return Promise.reject(new TowerError(ErrorCode.Unauthenticated, message));
  },
  renew: () => Promise.resolve(undefined),
};

/** The token of an Authorization header: bare, or behind "Bearer". */
export function tokenIn(authorization: string | undefined): string | undefined {
  const token = authorization?.trim().replace(/^bearer\s+/i, "");
  return token === undefined || token === "" || /^bearer$/i.test(token) ? undefined : token;
}

/** The language of CloudTower's texts that suits an Accept-Language header best. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((item) => {
      const [tag = "", ...parameters] = item.trim().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => quality > 0 && /^(zh|en)\b/.test(tag))
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.tag.startsWith("zh") ? "zh-CN" : "en-US";
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
