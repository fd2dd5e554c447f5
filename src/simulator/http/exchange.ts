/** One request with its response, for tests that check both against the OpenAPI document. */
export interface Exchange {
  readonly endpoint: string;
  readonly method: string;
  /** Path below `/v2/api`, such as /get-vms. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed; raw text if it is not JSON. */
  readonly requestBody: unknown;
  readonly status: number;
  /** Parsed; raw text if it is not JSON. */
  readonly responseBody: unknown;
  readonly responseHeaders: Readonly<Record<string, string>>;
}
