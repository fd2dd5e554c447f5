export type { CallOptions, MutateOptions, SubscribeOptions, SubscriptionEvent } from "./calls.js";
export { type ClientOptions, createClient, type TowerQLClient } from "./client.js";
export type { Operation, TypedDocument } from "./documents.js";
export {
  CursorExpiredError,
  GraphQLFailure,
  type GraphQLProblem,
  HttpError,
  isTowerQLError,
  type MutationProblem,
  NotReadyError,
  type NotReadyReason,
  OutcomeUnknownError,
  RefusedError,
  type TowerQLError,
  UnreachableError,
} from "./errors.js";
export type { EventOptions, SnapshotEvent, SnapshotEventKind } from "./events.js";
export type { GatewayOptions } from "./gateway.js";
export type { ReadyDisk, ReadySnapshot, SnapshotProgress, WaitOptions, WaitTarget } from "./readiness.js";
export type { Consistency, SnapshotLease, SnapshotRequest, TakenSnapshot, TakeOptions } from "./snapshots.js";
export { verifyWebhook, type WebhookDelivery, type WebhookRequest } from "./webhook.js";
