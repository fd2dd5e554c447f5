/** Languages that a client can request with `content-language`. */
export type Language = "en-US" | "zh-CN";

/** A message in both languages. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** A request that CloudTower refuses. Sent as an ErrorBody with this status. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly text: Text,
    readonly code?: string,
    readonly props?: Readonly<Record<string, unknown>>,
  ) {
    super(text.en);
  }
}

/** 400: a request that violates the contract. The message names the offending key. */
export function badRequest(en: string, zh = `请求参数错误：${en}`): Refusal {
  return new Refusal(400, { en, zh });
}

/** 404: a row that does not exist, or that the caller may not see. */
export function notFound(entity: string, id: string): Refusal {
  return new Refusal(404, { en: `${entity} [${id}] not found`, zh: `未找到资源 ${entity} [${id}]` });
}

/** 400 with the only documented code: another task holds the resource. */
export function resourceLocked(resources: readonly { readonly id: string; readonly type: string }[]): Refusal {
  const names = resources.map(({ id, type }) => `${type}-${id}`).join(", ");
  const text = { en: `Resource [${names}] locked`, zh: `资源 [${names}] 已被锁定` };
  return new Refusal(400, text, "ResourceLocked", { locked_resources: resources });
}

/** Body of an error response. It has a `stack`, as in the real product: a gateway must not pass it on. */
export function errorBody(refusal: Refusal, path: string, language: Language, withCode: boolean): object {
  return {
    path,
    status: refusal.status,
    message: language === "zh-CN" ? refusal.text.zh : refusal.text.en,
    ...(refusal.code !== undefined && withCode ? { code: refusal.code } : {}),
    ...(refusal.props !== undefined ? { props: refusal.props } : {}),
    stack: `Error: ${refusal.text.en}\n    at Object.execute (/usr/share/smartx/tower/dist/api/controllers${path}.js:118:23)\n    at processTicksAndRejections (node:internal/process/task_queues:95:5)`,
  };
}
