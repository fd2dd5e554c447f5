/** Errors as CloudTower answers them. */

/** The languages that `content-language` can ask for. */
export type Language = "en-US" | "zh-CN";

/** A text in both languages. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** A request that CloudTower refuses: becomes an ErrorBody with this status. */
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

/** 400: a request that does not fit the contract. The message names the offending key, so that it can be found. */
export function badRequest(en: string, zh = `请求参数错误：${en}`): Refusal {
  return new Refusal(400, { en, zh });
}

/** 404 for a row that is not there, or that the caller may not see. */
export function notFound(what: string, id: string): Refusal {
  return new Refusal(404, { en: `${what} [${id}] not found`, zh: `未找到资源 ${what} [${id}]` });
}

/** 400 with the one documented code: another task is working on the resource. */
export function resourceLocked(
  resources: readonly { readonly id: string; readonly type: "VM" | "VM_VOLUME" }[],
): Refusal {
  const names = resources.map(({ id, type }) => `${type}-${id}`).join(", ");
  const text = { en: `Resource [${names}] locked`, zh: `资源 [${names}] 已被锁定` };
  return new Refusal(400, text, "ResourceLocked", { locked_resources: resources });
}

/** The body of an error. It carries a `stack`, as the real product's does: a gateway must not pass it on. */
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
