/** The one door for server frames: text in, typed frames out. A field of the wrong type is as good as absent. */

import type { Message } from 'fanfare-protocol/message';

/** One record of a channel: a message, or a number that no message has. */
export interface ChannelRecord extends Message {
  readonly void?: true;
}

/** Someone who is in a channel. */
export interface Member {
  readonly user?: string;
  /** Whatever the member's token says about it. */
  readonly info?: unknown;
  /** Where there is presence: rises with every `joined` and `left` of this user. */
  readonly at?: number;
}

/** Every server frame in one shape; which fields are there depends on `event`. */
export interface ServerFrame {
  /** Empty in the gateway's own errors, `{"message","connectionId","requestId"}`. */
  readonly event: string;
  readonly id: number | undefined;
  readonly channel: string;
  readonly seq: number | undefined;
  readonly first: number | undefined;
  readonly recovered: boolean;
  readonly more: boolean;
  readonly messages: readonly ChannelRecord[];
  readonly members: readonly Member[];
  readonly next: unknown;
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly retryAfter: number | undefined;
  readonly reason: string;
  readonly reconnectAfter: number;
}

/** A frame, or the frames of a batch's reply; nothing at all for what is not JSON. */
export function parseFrames(data: unknown): ServerFrame[] {
  try {
    return list(JSON.parse(String(data)))
      .filter(isFields)
      .map(frameOf);
  } catch {
    return [];
  }
}

type Fields = Readonly<Record<string, unknown>>;

function frameOf(fields: Fields): ServerFrame {
  return {
    event: text(fields['event']),
    id: number(fields['id']),
    channel: text(fields['channel']),
    seq: number(fields['seq']),
    first: number(fields['first']),
    recovered: fields['recovered'] === true,
    more: fields['more'] === true,
    messages: list(fields['messages']).filter(isRecord),
    members: list(fields['members'] ?? fields['member']).filter(isMember),
    next: fields['next'],
    code: text(fields['code']) || 'internal',
    status: number(fields['status']) ?? 500,
    message: text(fields['message']),
    retryAfter: number(fields['retryAfter']),
    reason: text(fields['reason']),
    reconnectAfter: number(fields['reconnectAfter']) ?? 0,
  };
}

/** An error of the server, or one of the gateway's own. */
export function isFailure({ event, message }: ServerFrame): boolean {
  return event === 'error' || (event === '' && message !== '');
}

function isRecord(value: unknown): value is ChannelRecord {
  return isFields(value) && isOptional(value['seq'], 'number') && isOptional(value['from'], 'string');
}

function isMember(value: unknown): value is Member {
  return isFields(value) && isOptional(value['user'], 'string');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isOptional(value: unknown, type: 'number' | 'string'): boolean {
  return value === undefined || typeof value === type;
}

function list(value: unknown = []): readonly unknown[] {
  return [value].flat();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
