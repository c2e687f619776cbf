/**
 * Subscribes of one frame that follow one another join their channels together, before the first of them is answered. What cannot be done
 * together, each command does for itself: so a channel that fails holds up no other one, and each refusal is that of a single command.
 */

import type { Command } from 'fanfare-protocol/actions';
import { type NamespacePolicy, retentionOf } from '../realtime/access/namespaces.ts';
import type { Caller } from '../realtime/access/session.ts';
import { groupOf } from '../realtime/connections/grouping.ts';
import { joinGroups } from '../realtime/connections/join-groups.ts';
import { joinTogether } from '../realtime/connections/join-together.ts';
import { type Standing, standingOf } from '../realtime/connections/membership.ts';
import { mayFollow } from '../realtime/connections/renewal.ts';
import { visitInFlight } from '../realtime/in-flight.ts';
import { type Head, NEVER_USED } from '../realtime/log/log-store.ts';
import { logLines } from '../realtime/log-lines.ts';
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

  /** What was prepared for a command and for the subscribes that follow it; nothing if the command does everything itself. */
  async prepare(index: number, caller: Caller, context: ActionContext): Promise<readonly Prepared[]> {
    if (!this.prepared.has(index)) {
      const rest = this.commands.slice(index);
      const end = rest.indexOf(undefined);
      const group = rest.slice(0, end < 0 ? rest.length : end).filter((one) => one !== undefined);
      const prepared = group.length > 1 ? await prepareAll(group, caller, context) : [];
      for (const [offset, one] of prepared.entries()) this.prepared.set(index + offset, one);
    }
    const prepared: Prepared[] = [];
    for (let one = this.prepared.get(index); one; one = this.prepared.get(index + prepared.length))
      prepared.push(one);
    return prepared;
  }
}

type Checked = (Subscribe & { readonly policy: NamespacePolicy }) | { readonly error: unknown };

async function prepareAll(
  group: readonly Subscribe[],
  caller: Caller,
  context: ActionContext,
): Promise<readonly Prepared[]> {
  const checked = await checkAll(group, caller, context);
  const allowed = checked.flatMap((one) => ('error' in one ? [] : [one]));
  const joined = await joinAll(allowed, caller, context);
  const heads = await headsOf(
    allowed.filter(({ channel }) => joined.has(channel)),
    context,
  );
  return checked.map((one) => {
    if ('error' in one) return one;
    const { policy, channel } = one;
    return { policy, isJoined: joined.has(channel), head: heads.get(channel) };
  });
}

async function checkAll(
  group: readonly Subscribe[],
  caller: Caller,
  context: ActionContext,
): Promise<readonly Checked[]> {
  const { now } = context.ports;
  const until = now() + CHECKS_MS;
  const checked: Checked[] = [];
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
  return checked;
}

type Allowed = Exclude<Checked, { readonly error: unknown }>;

/** @returns the channels in which the connection is now. */
async function joinAll(
  allowed: readonly Allowed[],
  caller: Caller,
  context: ActionContext,
): Promise<ReadonlySet<string>> {
  const { ports } = context;
  const grouped = new Map<string, string>();
  const separate = new Map<string, Standing>();
  for (const { channel, diffs, policy } of allowed) {
    const group = groupOf(policy, channel);
    if (group === undefined)
      separate.set(channel, standingOf(context.config, policy, caller, channel, diffs));
    else grouped.set(channel, group);
  }
  const joined = new Set<string>();
  const attempts: Promise<void>[] = [];
  if (separate.size > 0)
    attempts.push(
      joinTogether(ports, caller, separate).then((channels) => {
        for (const channel of channels) joined.add(channel);
      }),
    );
  if (grouped.size > 0) {
    const wanted = [...grouped].map(([channel, group]) => ({ channel, group }));
    attempts.push(
      joinGroups(ports, caller, wanted, mayFollow(context.config, caller)).then((channels) => {
        for (const [channel, became] of channels) if (became === 'joined') joined.add(channel);
      }),
    );
  }
  await Promise.all(attempts.map((attempt) => attempt.catch((error: unknown) => logFailure(error))));
  return joined;

  // Each command tries again by itself, and answers with its own failure.
  function logFailure(error: unknown): void {
    const reason = error instanceof Error ? error.name : 'unknown';
    ports.log.warn(logLines.notJoinedTogether, { requestId: caller.requestId, reason });
  }
}

/** Small reads. */
const READS_IN_FLIGHT = 16;

/**
 * One after the other, the heads of 500 channels would take seconds. A reply with a head from some moments before is as good: every later
 * message arrives live. A channel whose head cannot be read has none here, and its command reads it.
 */
async function headsOf(
  subscribes: readonly Allowed[],
  { ports }: ActionContext,
): Promise<ReadonlyMap<string, Head>> {
  const heads = new Map<string, Head>();
  const channels = subscribes.filter(({ policy }) => retentionOf(policy)).map(({ channel }) => channel);
  await visitInFlight([...new Set(channels)], READS_IN_FLIGHT, async (channel) => {
    await ports.channelLog.head(channel).then(
      (head = NEVER_USED) => heads.set(channel, head),
      () => undefined,
    );
  });
  return heads;
}
