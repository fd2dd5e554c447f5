/** One request and its answer, whole: what contract tests check against the OpenAPI document. */
export interface Exchange {
  readonly operation: string;
  readonly method: string;
  /** Path below the base, such as /get-vms. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed; the raw text where it is no JSON. */
  readonly requestBody: unknown;
  readonly status: number;
  /** Parsed; the raw text where it is no JSON. */
  readonly responseBody: unknown;
  readonly responseHeaders: Readonly<Record<string, string>>;
}
