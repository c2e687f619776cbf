/** One channel's log with its ports and its retention. Functions pass it around as this one value. */

import { ProtocolError } from 'fanfare-protocol/errors';
import {
  type Keeping,
  keepingOf,
  type NamespacePolicy,
  type Retention,
  retentionOf,
} from '../access/namespaces.ts';
import type { Clock } from '../clock.ts';
import { groupOf } from '../connections/grouping.ts';
import type { Head, LogStore } from './log-store.ts';

export interface ReadPorts extends Clock {
  readonly channelLog: LogStore;
}

export interface ChannelLog<LogPorts = ReadPorts> {
  readonly ports: LogPorts;
  readonly channel: string;
  readonly retention: Retention;
  /** Of the channel's values, if it has any. */
  readonly keeping?: Keeping;
  /** Of the channel, if it has one. */
  readonly group?: string;
}

/** A log whose head was just read. */
export interface CountedLog extends ChannelLog {
  readonly head: Head;
}

type LogPolicy = Pick<NamespacePolicy, 'history' | 'values' | 'subscriptions'>;

/** The log of a channel; `undefined` if its namespace keeps no history. */
export function logOf<LogPorts>(
  ports: LogPorts,
  channel: string,
  policy: LogPolicy,
): ChannelLog<LogPorts> | undefined {
  const retention = retentionOf(policy);
  const keeping = keepingOf(policy);
  const group = groupOf(policy, channel);
  return (
    retention && {
      ports,
      channel,
      retention,
      ...(keeping && { keeping }),
      ...(group !== undefined && { group }),
    }
  );
}

/** @throws ProtocolError `bad-request` when the channel keeps no history. */
export function requiredLogOf<LogPorts>(
  ports: LogPorts,
  channel: string,
  policy: LogPolicy,
): ChannelLog<LogPorts> {
  const log = logOf(ports, channel, policy);
  if (!log) throw new ProtocolError('bad-request', `${channel} keeps no history.`);
  return log;
}
