import type { Context } from "../context.js";
import { EventCursorScalar } from "../flows/events/event.types.js";
import type { RootField } from "../graph/schema/root-fields.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import { unlessAborted } from "../kernel/unless-aborted.js";
import type { Webhooks } from "../webhooks/webhooks.js";
import { TestWebhookPayload, Webhook } from "./webhook.types.js";

/** Webhooks are in memory. */
const NO_CALLS = () => 0;

const NAME = { name: { type: () => String, description: "Name of the webhook in the file." } };

/** `Query.webhooks`. */
export const webhooksField: RootField<Context> = {
  name: "webhooks",
  type: () => [Webhook],
  nullable: false,
  description: "The webhooks of this gateway, in the order of the file; empty if none are defined.",
  adminOnly: true,
  lookupCalls: NO_CALLS,
  args: {},
  async resolve(_, __, { services }) {
    const views = (await services.webhooks()?.views()) ?? [];
    return views.map((view) => new Webhook(view));
  },
};

/** The fields of Mutation for webhooks. */
export const webhookMutations: readonly RootField<Context>[] = [
  {
    name: "replayWebhook",
    type: () => Webhook,
    nullable: true,
    description:
      "Delivers again what came after a cursor, under the same ids. A delivery in flight is finished first. The webhook stays off if it is.",
    adminOnly: true,
    // Opens the feed to check the cursor.
    lookupCalls: () => 2,
    args: {
      ...NAME,
      after: { type: () => EventCursorScalar, description: "Where to begin again, as from `eventCursor`." },
    },
    async resolve(_, { name, after }: { name: string; after: string }, context) {
      const { signal } = context.session;
      return new Webhook(await unlessAborted(defined(context, name).replay(name, after, signal), signal));
    },
  },
  {
    name: "enableWebhook",
    type: () => Webhook,
    nullable: true,
    description: "Switches a webhook on, or has it retry immediately. An event that waits has three days again.",
    adminOnly: true,
    lookupCalls: NO_CALLS,
    args: NAME,
    async resolve(_, { name }: { name: string }, context) {
      return new Webhook(
        await unlessAborted(defined(context, name).enable(name, context.session.signal), context.session.signal),
      );
    },
  },
  {
    name: "testWebhook",
    type: () => TestWebhookPayload,
    nullable: true,
    description:
      'Sends a signed message without an event, whose `webhook-id` begins with "test_", and reports what the receiver made of it. Changes nothing else, also if the response is 410.',
    adminOnly: true,
    lookupCalls: NO_CALLS,
    args: NAME,
    resolve: (_, { name }: { name: string }, context) => defined(context, name).test(name),
  },
];

function defined({ services }: Context, name: string): Webhooks {
  const webhooks = services.webhooks();
  if (webhooks !== undefined) return webhooks;
  throw new TowerError(ErrorCode.NotFound, `No webhook is named ${JSON.stringify(name)}: WEBHOOKS_FILE is not set.`);
}
