/** A webhook as its entry in the file defines it. */
export interface WebhookDefinition {
  /** Names it in the API, the log, the metrics and its state file. */
  readonly name: string;
  readonly url: string;
  /** Standard Webhooks secrets; the first one signs. */
  readonly secrets: readonly string[];
  /** PEM text of the authority that signed the receiver's certificate. @default the authorities that Node knows */
  readonly ca: string | undefined;
  /** Allows plain HTTP, and any certificate. */
  readonly insecure: boolean;
  /** The GraphQL document whose result is sent. */
  readonly subscription: string;
}

/** A webhook file that cannot be used; `message` names the file, the entry and the field. */
export class WebhooksFileError extends Error {
  override readonly name = "WebhooksFileError";
}

/** Whether two definitions are the same. */
export function isSameDefinition(one: WebhookDefinition, other: WebhookDefinition): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Address of a webhook without what may be secret: origin and path. */
export function publicUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
