import type { Duplex } from "node:stream";
import type { Exchange } from "./messages/write-response.js";

/** Maximum number of requests that wait on all connections; 1.5 KB each. */
const MAX_WAITING = 20_000;

interface Pipeline {
  /** The request that is being served, until it has been responded to. */
  current: Exchange | undefined;
  /** Serve the requests behind it, in order; undefined until the client pipelines. */
  line?: (() => void)[];
}

/**
 * Serves the requests of each connection one after the other, although `node:http` hands over all that a client has pipelined.
 *
 * Nothing is read from a connection on which requests wait, so they are at most what one read has brought: 64 KiB. A connection that
 * exceeds the limit of all is dropped. Lives as long as the process.
 */
export class Pipelines {
  private readonly pipelines = new WeakMap<Duplex, Pipeline>();
  private waitingCount = 0;

  /** @param onDropped is called after a connection has been dropped. */
  constructor(private readonly onDropped: () => void) {}

  /** Number of requests that wait behind others on their connections. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** Whether a request of the connection is being served. */
  isBusy(socket: Duplex): boolean {
    return this.pipelines.get(socket)?.current !== undefined;
  }

  /** Serves a request when the earlier ones of its connection have been responded to. */
  enter(exchange: Exchange, serve: (exchange: Exchange) => void): void {
    const { socket } = exchange.request;
    let pipeline = this.pipelines.get(socket);
    if (pipeline === undefined) {
      pipeline = { current: undefined };
      this.pipelines.set(socket, pipeline);
    }
    const ownPipeline = pipeline;
    if (pipeline.current === undefined) this.begin(pipeline, exchange, serve);
    else this.wait(socket, pipeline, () => this.begin(ownPipeline, exchange, serve));
  }

  /** Refuses what a connection has sent after its last request, when that has been responded to, or immediately within a request. */
  refuse(socket: Duplex, refuse: () => void): void {
    const pipeline = this.pipelines.get(socket);
    if (pipeline?.current?.request.complete) this.wait(socket, pipeline, refuse);
    else refuse();
  }

  private begin(pipeline: Pipeline, exchange: Exchange, serve: (exchange: Exchange) => void): void {
    pipeline.current = exchange;
    exchange.response.once("close", () => this.next(exchange.request.socket, pipeline));
    serve(exchange);
  }

  private next(socket: Duplex, pipeline: Pipeline): void {
    pipeline.current = undefined;
    const following = pipeline.line?.shift();
    if (following === undefined) return;
    this.waitingCount -= 1;
    following();
    if (pipeline.line?.length === 0) socket.resume();
  }

  private wait(socket: Duplex, pipeline: Pipeline, following: () => void): void {
    // The rest of what was read from a connection that has been dropped.
    if (socket.destroyed) return;
    pipeline.line ??= this.openLine(socket);
    if (this.waitingCount >= MAX_WAITING) {
      socket.destroy();
      this.onDropped();
      return;
    }
    pipeline.line.push(following);
    this.waitingCount += 1;
    socket.pause();
  }

  private openLine(socket: Duplex): (() => void)[] {
    const line: (() => void)[] = [];
    // `node:http` resumes a connection to read the body of a request.
    socket.on("resume", () => {
      if (line.length > 0) socket.pause();
    });
    socket.once("close", () => {
      this.waitingCount -= line.length;
      line.length = 0;
    });
    return line;
  }
}
