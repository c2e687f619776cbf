/**
 * Publishes messages as the namespace's rules let them pass. Every door publishes through this function, so no door goes around the
 * rules.
 */

import type { Draft } from 'fanfare-protocol/actions';
import type { Origin } from '../../own-logic/context.ts';
import type { IncomingMessage } from '../../own-logic/handlers.ts';
import { hasPublishRules, judgeMessages, type Verdict } from '../../own-logic/publishing.ts';
import type { Spend } from '../access/meter.ts';
import type { NamespacePolicy } from '../access/namespaces.ts';
import { groupOf } from '../connections/grouping.ts';
import { type ChannelLog, logOf } from './channel-log.ts';
import type { LogDraft } from './log-draft.ts';
import type { Pointer } from './log-store.ts';
import { marksOf } from './message-frame.ts';
import { checkNames } from './naming.ts';
import { KeyRows } from './pointing.ts';
import { type PublishPorts, publishLive, publishLogged, publishPacked } from './publish.ts';
import type { Sender } from './sender.ts';

export interface Publication {
  readonly ports: PublishPorts;
  readonly channel: string;
  /** Of the channel; the publisher has the right to publish by it. */
  readonly policy: NamespacePolicy;
  readonly sender: Sender;
  readonly origin: Origin;
  /** Charges bytes before they leave. */
  readonly spend: Spend;
}

/**
 * Publishes all messages, or none if one of them is refused.
 *
 * @returns the number of each message; empty if the channel keeps no history.
 * @throws ProtocolError the refusal of the first refused message, with its index; what `publishLive` and
 *   `publishLogged` throw.
 */
export async function publishByRules(
  { ports, channel, policy, sender, origin, spend }: Publication,
  drafts: readonly Draft[],
): Promise<number[]> {
  checkNames(channel, policy, drafts);
  const log = logOf(ports, channel, policy);
  const verdicts = await verdictsOn({ ports, channel, policy, origin }, drafts);
  const landed = log ? await landedAmongRefused(log, sender, drafts, verdicts) : new Map<string, Pointer>();
  const judged = drafts.map((draft, index) => judgedDraft(draft, verdicts[index], landed, index));
  if (log) {
    const publish = policy.delivery === 'packed' ? publishPacked : publishLogged;
    return publish(log, sender, judged, spend, { landed });
  }
  await publishLive(ports, { channel, group: groupOf(policy, channel) }, sender, judged, spend);
  return [];
}

/** The verdict of the namespace's rules on each message. Without rules, each passes as it is. */
export async function verdictsOn<Judged extends LogDraft>(
  { ports, channel, policy, origin }: Pick<Publication, 'ports' | 'channel' | 'policy' | 'origin'>,
  drafts: readonly Judged[],
): Promise<readonly (Verdict | Judged)[]> {
  if (!hasPublishRules(policy)) return drafts;
  return judgeMessages(policy, { channel, origin, log: ports.log }, drafts.map(incoming));
}

/**
 * A message that was published before is not refused now, even if the rule has changed its answer, such as "one vote per user" after
 * the vote. So a repetition gets the answer that the first reply would have given. Only a refused publish pays for this read.
 */
async function landedAmongRefused(
  log: ChannelLog<PublishPorts>,
  sender: Sender,
  drafts: readonly Draft[],
  verdicts: readonly (Verdict | Draft)[],
): Promise<ReadonlyMap<string, Pointer>> {
  const keys = drafts.flatMap(({ key }, index) => {
    const verdict = verdicts[index];
    return key !== undefined && verdict && 'error' in verdict ? [{ sender, key }] : [];
  });
  return keys.length === 0 ? new Map() : new KeyRows(log).written(keys);
}

function incoming(draft: LogDraft): IncomingMessage<unknown> {
  return { data: draft.remove ? null : draft.data, ...marksOf(draft) };
}

/** @throws ProtocolError */
function judgedDraft(
  draft: Draft,
  verdict: Verdict | Draft | undefined,
  landed: ReadonlyMap<string, Pointer>,
  index: number,
): Draft {
  if (!verdict) return draft;
  if (!('error' in verdict)) return draft.remove ? draft : { ...draft, data: verdict.data };
  if (draft.key !== undefined && landed.has(draft.key)) return draft;
  throw verdict.error.ofMessage(index);
}
