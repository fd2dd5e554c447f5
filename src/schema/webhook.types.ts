import { Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { EventCursorScalar } from "../flows/events/event.types.js";
import { DateTimeScalar } from "../graph/model/scalars.js";
import { declareArguments } from "../graph/schema/declare.js";
import { badInput } from "../kernel/errors.js";
import { publicUrl } from "../webhooks/definition/webhook-definition.js";
import type { WebhookView } from "../webhooks/delivery/webhook-runner.js";
import type { Delivery, WebhookState } from "../webhooks/store/webhook-state.js";

/** What became of an event. */
const WebhookDeliveryStatus = { PENDING: "PENDING", DELIVERED: "DELIVERED", DEAD_LETTER: "DEAD_LETTER" } as const;
type WebhookDeliveryStatus = keyof typeof WebhookDeliveryStatus;
registerEnumType(WebhookDeliveryStatus, {
  name: "WebhookDeliveryStatus",
  description: "What became of an event of a webhook.",
  valuesConfig: {
    PENDING: { description: "The last attempt failed; there will be another, and later events wait for it." },
    DELIVERED: { description: "The receiver acknowledged it." },
    DEAD_LETTER: { description: "It was given up, and later events are delivered. `replayWebhook` sends it again." },
  },
});

/** Why an event was given up. */
const WebhookDeadLetterKind = { EXPIRED: "EXPIRED", SELECTION_FAILED: "SELECTION_FAILED", GAP: "GAP" } as const;
registerEnumType(WebhookDeadLetterKind, {
  name: "WebhookDeadLetterKind",
  description: "Why an event of a webhook was given up.",
  valuesConfig: {
    EXPIRED: { description: "The receiver did not acknowledge it within three days." },
    SELECTION_FAILED: { description: "What the webhook's document selects could not be read completely." },
    GAP: {
      description:
        "Events between two times, which `message` names, were not delivered: CloudTower no longer shows them.",
    },
  },
});

/** Maximum `first` of a webhook's deliveries: as many as are kept. */
const MAX_DELIVERIES = 1_000;

/** An event, and what became of it. */
@ObjectType({ description: "An event of a webhook, and what became of it." })
export class WebhookDelivery {
  @Field(() => ID, {
    nullable: true,
    description: "The event's id, which is the header `webhook-id`; null for a gap.",
  })
  readonly eventId: string | null;

  @Field(() => EventCursorScalar, { description: "The event's cursor; of a gap, the cursor where delivery goes on." })
  readonly cursor: string;

  @Field(() => WebhookDeliveryStatus, { description: "What became of it." })
  readonly status: WebhookDeliveryStatus;

  @Field(() => WebhookDeadLetterKind, { nullable: true, description: "Why it was given up; null if it was not." })
  readonly deadLetterKind: string | null;

  @Field(() => Int, { description: "Number of attempts so far." })
  readonly attempts: number;

  @Field(() => DateTimeScalar, { description: "When the first attempt ended." })
  readonly firstAttemptAt: string;

  @Field(() => DateTimeScalar, { description: "When the last attempt ended." })
  readonly lastAttemptAt: string;

  @Field(() => Int, { nullable: true, description: "HTTP status of the last response; null if there was none." })
  readonly httpStatus: number | null;

  @Field(() => String, { nullable: true, description: "Why the last attempt failed; null if it did not." })
  readonly message: string | null;

  constructor({ firstAttemptAt, lastAttemptAt, kind, ...delivery }: Delivery) {
    this.eventId = delivery.eventId;
    this.cursor = delivery.cursor;
    this.status = delivery.status;
    this.deadLetterKind = kind;
    this.attempts = delivery.attempts;
    this.firstAttemptAt = new Date(firstAttemptAt).toISOString();
    this.lastAttemptAt = new Date(lastAttemptAt).toISOString();
    this.httpStatus = delivery.httpStatus;
    this.message = delivery.message;
  }
}

/** A webhook of the gateway. */
@ObjectType({ description: "A webhook of the gateway, as `WEBHOOKS_FILE` defines it." })
export class Webhook {
  @Field(() => String, { description: "Name in the file." })
  readonly name: string;

  @Field(() => String, { description: "Address of the receiver: origin and path alone, as the rest may be secret." })
  readonly url: string;

  @Field(() => Boolean, {
    description: "False after the receiver responded with 410 Gone, until `enableWebhook` switches it on.",
  })
  readonly enabled: boolean;

  @Field(() => EventCursorScalar, {
    nullable: true,
    description:
      "Every event up to this cursor was delivered or given up; null before the first contact with CloudTower.",
  })
  readonly cursor: string | null;

  @Field(() => Float, {
    description:
      "Age of the oldest event that was neither delivered nor given up, in seconds; 0 if there is none. At most that age if the webhook is off or CloudTower cannot be read: the time since the cursor.",
  })
  readonly lagSeconds: number;

  @Field(() => String, {
    nullable: true,
    description:
      "Why nothing is delivered, if that is not the receiver's fault: the events cannot be read, or the state cannot be written. Null if neither.",
  })
  readonly problem: string | null;

  private readonly state: WebhookState;

  constructor({ definition, state, lagSeconds, problem }: WebhookView) {
    this.name = definition.name;
    this.url = publicUrl(definition.url);
    this.enabled = state.enabled;
    this.cursor = state.cursor ?? null;
    this.lagSeconds = lagSeconds;
    this.problem = problem ?? null;
    this.state = state;
  }

  /** @throws TowerError BAD_USER_INPUT for a `first` out of range. */
  @Field(() => [WebhookDelivery], {
    description:
      "Its last deliveries, newest first. Of the delivered ones, the last 200 are kept; of the dead letters, 1000.",
  })
  deliveries({ first, status }: { first: number; status?: WebhookDeliveryStatus | null }): WebhookDelivery[] {
    if (first < 1 || first > MAX_DELIVERIES) {
      throw badInput(`first must be between 1 and ${MAX_DELIVERIES}, got ${first}.`);
    }
    const { pending, delivered, deadLetters } = this.state;
    // Of those at the same time, the one that was added last comes first.
    const all = [...deadLetters, ...delivered, ...(pending === undefined ? [] : [pending])].reverse();
    return all
      .filter((delivery) => status == null || delivery.status === status)
      .sort((one, other) => other.lastAttemptAt - one.lastAttemptAt)
      .slice(0, first)
      .map((delivery) => new WebhookDelivery(delivery));
  }
}

declareArguments(Webhook.prototype, "deliveries", {
  first: { type: () => Int, defaultValue: 20, description: `Number of deliveries, 1 to ${MAX_DELIVERIES}.` },
  status: { type: () => WebhookDeliveryStatus, nullable: true, description: "Only those with this status." },
});

/** Result of `testWebhook`. */
@ObjectType({ description: "What a receiver made of a test delivery." })
export class TestWebhookPayload {
  @Field(() => Boolean, { description: "Whether the receiver acknowledged it with a 2xx status in time." })
  readonly delivered!: boolean;

  @Field(() => Int, { nullable: true, description: "HTTP status of the response; null if there was none." })
  readonly httpStatus!: number | null;

  @Field(() => String, { nullable: true, description: "Why it was not delivered; null if it was." })
  readonly message!: string | null;
}
