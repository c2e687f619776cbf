/** Turns drafts into the frames that subscribers see. The server sets sender, number and time. */

import { ConflictError } from 'fanfare-protocol/errors';
import type { Spend } from '../access/meter.ts';
import type { ChannelRows } from '../connections/grouping.ts';
import { type AudiencePorts, audienceNow, sizeOf } from '../delivery/audience.ts';
import { type FanOutPorts, fanOut } from '../delivery/fan-out.ts';
import { type Appended, type AppendPorts, append, type Drafts } from './append.ts';
import { audienceAt } from './audience-at.ts';
import type { ChannelLog } from './channel-log.ts';
import type { LogDraft } from './log-draft.ts';
import { firstOf } from './log-store.ts';
import { encode, encodeWithVoids, fromOf, marksOf, WIDEST } from './message-frame.ts';
import { markSent, publishAgain, tellVoids } from './repetition.ts';
import type { Sender } from './sender.ts';

interface LivePublishPorts extends FanOutPorts, AudiencePorts {}

export interface PublishPorts extends LivePublishPorts, AppendPorts {}

/** What the caller has found out before. */
export type Known = Pick<Drafts, 'landed' | 'original'>;

/**
 * Sends the messages to every subscriber of a channel that keeps no history, in one frame.
 *
 * @param spend is called with the size of the frame before all other steps, and with the number of posts before they are made.
 * @throws ProtocolError `too-large` when the frame would exceed what the platform carries (LM-3), and what `spend` throws.
 */
export async function publishLive(
  ports: LivePublishPorts,
  { channel, group }: ChannelRows,
  sender: Sender,
  drafts: readonly LogDraft[],
  spend: Spend,
): Promise<void> {
  const time = ports.now();
  const messages = drafts.map(({ data = null }) => ({ data, ...fromOf(sender), time }));
  const frame = encode(channel, messages);
  await spend.bytes(frame.byteLength);
  const audience = await audienceNow(ports, channel, group);
  await spend.posts(await sizeOf(audience), false);
  await fanOut(ports, audience, frame, { isLive: true });
}

/**
 * Appends the messages to the channel's log and sends them to every subscriber, in one frame.
 *
 * The subscribers are read after the head was raised, and while the records are written. The read finds each connection that has
 * subscribed before. A connection that subscribes later reads the raised head, and finds or seals the records.
 *
 * The frame also tells the void numbers that the publish has made, or found at the head. So a subscriber need not ask for them.
 *
 * @param spend is called with the size of the frame before the write, with the number of posts beside them, and with the size of a
 *   repetition before it is sent.
 * @returns the number of each message. When this resolves, all messages are in the log.
 * @throws ProtocolError `too-large`, or `busy` when the log cannot be appended to, and what `spend` throws.
 * @throws ConflictError when the newest message of a name is not the one that its draft wants; `not-found` and others for an edit.
 */
export async function publishLogged(
  log: ChannelLog<PublishPorts>,
  sender: Sender,
  drafts: readonly LogDraft[],
  spend: Spend,
  known: Known = {},
): Promise<number[]> {
  const { ports, channel, group } = log;
  await spend.bytes(widestFrame(channel, sender, drafts).byteLength);
  let first: number | undefined;
  const { seqs, written, key, untold, repeated, conflict, refusal, ...appended } = await append(
    log,
    { drafts, sender, ...known },
    (head) => {
      first = firstOf(head);
      return audienceAt(log, head);
    },
  );
  const alongside = await appended.alongside;
  const lastSeq = written.at(-1)?.seq;
  const isFresh = lastSeq !== undefined;
  if (alongside && isFresh) {
    await Promise.all([
      fanOut(ports, alongside, encodeWithVoids(channel, untold, written, first), { lastSeq }),
      afterwards(sizeOf(alongside).then((posts) => spend.posts(posts, true))),
    ]);
    if (key) await markSent(ports, alongside, key);
  } else if (alongside) await tellVoids(ports, alongside, untold);
  throwIfConflict(conflict, drafts);
  if (refusal) throw refusal;
  const spendAgain = isFresh ? { ...spend, bytes: (bytes: number) => afterwards(spend.bytes(bytes)) } : spend;
  await publishAgain({ ports, channel, group, first, spend: spendAgain }, repeated);
  return seqs;
}

/**
 * Appends the messages to the log of a packed channel. A round delivers them (`round.ts`), so nothing is posted here, and a repetition
 * sends nothing.
 *
 * @returns the number of each message. When this resolves, all messages are in the log.
 * @throws ProtocolError and ConflictError as `publishLogged`.
 */
export async function publishPacked(
  log: ChannelLog<AppendPorts>,
  sender: Sender,
  drafts: readonly LogDraft[],
  spend: Spend,
  known: Known = {},
): Promise<number[]> {
  await spend.bytes(widestFrame(log.channel, sender, drafts).byteLength);
  const asked = { drafts, sender, ...known };
  const { seqs, conflict, refusal } = await append(log, asked, () => undefined);
  throwIfConflict(conflict, drafts);
  if (refusal) throw refusal;
  return seqs;
}

/** @throws ProtocolError `too-large`. */
function widestFrame(channel: string, sender: Sender, drafts: readonly LogDraft[]): Uint8Array {
  const messages = drafts.map((draft) => ({
    ...WIDEST,
    ...fromOf(sender),
    data: draft.data ?? null,
    ...marksOf(draft),
  }));
  return encode(channel, messages, WIDEST.seq);
}

/** The error says which of several messages is meant. A single one needs no index. */
function throwIfConflict(conflict: Appended<unknown>['conflict'], drafts: readonly LogDraft[]): void {
  if (!conflict) return;
  const index = drafts.length > 1 ? drafts.indexOf(conflict.draft) : undefined;
  throw new ConflictError(conflict.current ?? null, index);
}

/** Messages that are in the log are answered. If what they cause is not paid for, the next command waits for that. */
async function afterwards(payment: Promise<void>): Promise<void> {
  await payment.catch(() => {});
}
