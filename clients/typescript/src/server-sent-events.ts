/** An event of a stream. */
interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** The events of a response, by the rules of the HTML standard. `onBytes` is called for each piece, heartbeats included. */
export async function* readEvents(response: Response, onBytes: () => void): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  let [event, data, id]: [string, string[], string | undefined] = ["message", [], undefined];
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onBytes();
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event, data: data.join("\n"), id };
        [event, data, id] = ["message", [], undefined];
        continue;
      }
      const [, field = "", text = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (field === "event") event = text;
      else if (field === "data") data.push(text);
      else if (field === "id") id = text;
    }
  }
}
