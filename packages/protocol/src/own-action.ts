/** An action of the application's own: the name that it may have, and the shapes of its command and of its reply. */

import * as v from 'valibot';
import { actionSchemas, id, key } from './actions.ts';
import { ACTION_NAME_LENGTH } from './limits.ts';

/** Its error frames repeat the name (`parse.ts`), and it is a part of a path of the HTTP API. */
const NAME = new RegExp(`^[A-Za-z][A-Za-z0-9_-]{0,${ACTION_NAME_LENGTH - 1}}$`);

const NAME_RULE = `the name of an action is a letter, and up to ${ACTION_NAME_LENGTH - 1} more of A-Za-z0-9_-`;

/**
 * The words that the protocol has for commands and events, and those that it keeps for later. An action with such a name would be
 * taken for something else.
 */
export const reservedNames: ReadonlySet<string> = new Set([
  ...Object.keys(actionSchemas),
  ...Object.values(actionSchemas).map(({ reply }) => reply.entries.event.literal),
  ...['messages', 'joined', 'left', 'closing', 'error'],
  ...['edit', 'request', 'reply', 'connect', 'disconnect'],
]);

export const ownActionName = v.pipe(
  v.string(NAME_RULE),
  v.regex(NAME, NAME_RULE),
  v.check((name) => !reservedNames.has(name), 'the protocol has this name for a command or an event'),
);

/** For names of the configuration only. `parse.ts` checks the commands of the protocol. */
export const ownAction = {
  command: v.object({
    id: v.optional(id),
    action: ownActionName,
    /** Any JSON. The action's own schema checks it. */
    data: v.optional(v.unknown()),
    /** Only for actions that are idempotent. */
    key,
  }),
  /** The event has the name of the action. `data`: what the action returned, or `null`. */
  reply: v.object({ id: v.optional(id), event: ownActionName, data: v.unknown() }),
};

export type OwnCommand = v.InferOutput<typeof ownAction.command>;
export type OwnReply = v.InferOutput<typeof ownAction.reply>;
