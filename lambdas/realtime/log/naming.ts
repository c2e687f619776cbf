/** Writes the messages of a publish, and with them the values of their names. */

import type { Draft } from 'fanfare-protocol/actions';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { NamespacePolicy } from '../access/namespaces.ts';
import type { ChannelLog, ReadPorts } from './channel-log.ts';
import type { MessageRecord } from './log-store.ts';
import { isNamed, type Outcome, type Setting, type ValueStore } from './value-store.ts';

export interface ValuePorts extends ReadPorts {
  readonly values: ValueStore;
}

/** A message to write, and the condition on its name. */
interface Conditional {
  readonly record: MessageRecord;
  readonly ifSeq?: number | undefined;
}

/** All messages, or none. A publish without names writes to the log alone, which costs half. */
export async function writeMessages(
  { ports, channel, retention, keeping }: ChannelLog<ValuePorts>,
  entries: readonly Conditional[],
): Promise<Outcome> {
  const messages = entries.map(({ record }) => record);
  const settings = settingsOf(entries);
  if (keeping && settings.length > 0)
    return ports.values.write(channel, messages, settings, { ...retention, ...keeping, now: ports.now() });
  const isWritten = await ports.channelLog.write(channel, messages, retention);
  return { kind: isWritten ? 'written' : 'sealed' };
}

/** The last message of each name: the messages before it are never seen as values. */
function settingsOf(entries: readonly Conditional[]): readonly Setting[] {
  const byName = new Map<string, Setting>();
  for (const { record, ifSeq } of entries)
    if (isNamed(record)) byName.set(record.name, { record, ...(ifSeq !== undefined && { ifSeq }) });
  return [...byName.values()];
}

/**
 * @throws ProtocolError `bad-request`. It names the message, unless the message would be good in a publish of its own: a client then sends
 *   the messages of the batch one by one.
 */
export function checkNames(
  channel: string,
  { values }: Pick<NamespacePolicy, 'values'>,
  drafts: readonly Draft[],
): void {
  const index = drafts.findIndex(({ name }) => name !== undefined);
  if (index >= 0 && !values)
    throw new ProtocolError('bad-request', `${channel} has no values.`, undefined, index);
  if (drafts.some((draft) => isTwice(draft, drafts)))
    throw new ProtocolError('bad-request', 'A publish has a name with ifSeq only once.');
}

function isTwice({ name, ifSeq }: Draft, drafts: readonly Draft[]): boolean {
  return ifSeq !== undefined && drafts.filter((other) => other.name === name).length > 1;
}
