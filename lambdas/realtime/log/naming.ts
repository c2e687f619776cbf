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

/** @throws ProtocolError `bad-request` that names the message. */
export function checkNames(
  channel: string,
  { values }: Pick<NamespacePolicy, 'values'>,
  drafts: readonly Draft[],
): void {
  for (const [index, draft] of drafts.entries()) {
    const flaw = flawOf(channel, values !== undefined, draft, drafts);
    if (flaw !== undefined) throw new ProtocolError('bad-request', flaw, undefined, index);
  }
}

function flawOf(
  channel: string,
  hasValues: boolean,
  { name, ifSeq }: Draft,
  drafts: readonly Draft[],
): string | undefined {
  if (name === undefined) return undefined;
  if (!hasValues) return `${channel} has no values.`;
  const isTwice = drafts.filter((other) => other.name === name).length > 1;
  return ifSeq !== undefined && isTwice ? 'A publish has a name with ifSeq only once.' : undefined;
}
