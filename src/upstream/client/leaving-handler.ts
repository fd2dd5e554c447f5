import { DecoratorHandler, type Dispatcher } from "undici";

/** Option of a request that `LeavingHandler` watches. */
export interface LeavingOptions {
  /**
   * Called when a connection is there and the request is about to be written to it; before that, nothing can have an effect. If it returns
   * false, the request is not written.
   */
  readonly mayLeave: () => boolean;
}

/** Decides when a request leaves; otherwise the handler that it wraps. */
export class LeavingHandler extends DecoratorHandler {
  constructor(
    handler: Dispatcher.DispatchHandler,
    private readonly mayLeave: () => boolean,
  ) {
    super(handler);
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    // DecoratorHandler's types do not declare its methods.
    (DecoratorHandler.prototype as Required<Dispatcher.DispatchHandler>).onRequestStart.call(this, controller, context);
    if (!this.mayLeave()) controller.abort(new Error("The write was cancelled before it left."));
  }
}
