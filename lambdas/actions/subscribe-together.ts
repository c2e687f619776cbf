/**
 * Subscribes of one frame that follow one another join their channels together, before the first of them is answered. What cannot be done
 * together, each command does for itself: so a channel that fails holds up no other one, and each refusal is that of a single command.
 */

import type { Command } from 'fanfare-protocol/actions';
import type { NamespacePolicy } from '../realtime/access/namespaces.ts';
import type { Caller } from '../realtime/access/session.ts';
import { joinTogether } from '../realtime/connections/join-together.ts';
import { standingOf } from '../realtime/connections/membership.ts';
import type { ActionContext, PreparedSubscribe } from './action.ts';
import { readablePolicy } from './readable.ts';

/** The error is the refusal of the command. */
export type Prepared = PreparedSubscribe | { readonly error: unknown };

type Subscribe = Command<'subscribe'>;

/** A check may be slow, because it may call the application. After this time the channels checked so far are joined. Milliseconds. */
const CHECKS_MS = 2_000;

export class SubscribesTogether {
  /** The commands of a frame; `undefined` for all but subscribes. */
  private readonly commands: readonly (Subscribe | undefined)[];
  private readonly prepared = new Map<number, Prepared>();

  constructor(commands: readonly (Subscribe | undefined)[]) {
    this.commands = commands;
  }

  /** What was prepared for a command; `undefined` if it does everything itself. Prepares the subscribes that follow, too. */
  async prepare(index: number, caller: Caller, context: ActionContext): Promise<Prepared | undefined> {
    if (!this.prepared.has(index)) {
      const rest = this.commands.slice(index);
      const end = rest.indexOf(undefined);
      const group = rest.slice(0, end < 0 ? rest.length : end).filter((one) => one !== undefined);
      const prepared = group.length > 1 ? await prepareAll(group, caller, context) : [];
      for (const [offset, one] of prepared.entries()) this.prepared.set(index + offset, one);
    }
    return this.prepared.get(index);
  }
}

async function prepareAll(
  group: readonly Subscribe[],
  caller: Caller,
  context: ActionContext,
): Promise<readonly Prepared[]> {
  const { log, now } = context.ports;
  const until = now() + CHECKS_MS;
  const checked: ((Subscribe & { readonly policy: NamespacePolicy }) | { error: unknown })[] = [];
  for (const command of group) {
    if (checked.length > 0 && now() >= until) break;
    const check = readablePolicy(context, caller, 'subscribe', command.channel);
    checked.push(
      await check.then(
        (policy) => ({ ...command, policy }),
        (error: unknown) => ({ error }),
      ),
    );
  }
  const allowed = checked.flatMap((one) => ('error' in one ? [] : [one]));
  const wanted = new Map(
    allowed.map(
      ({ channel, diffs, policy }) =>
        [channel, standingOf(context.config, policy, caller, channel, diffs)] as const,
    ),
  );
  const joined = await joinTogether(context.ports, caller, wanted).catch((error: unknown) => {
    // Each command tries again by itself, and answers with its own failure.
    const reason = error instanceof Error ? error.name : 'unknown';
    log.warn('Channels could not be joined together', { requestId: caller.requestId, reason });
    return new Set<string>();
  });
  return checked.map((one) =>
    'error' in one ? one : { policy: one.policy, isJoined: joined.has(one.channel) },
  );
}
