/** One event stream. It sends the frames of its mailbox until its time is over or its reader has left. */

import type { ClosingEvent } from 'fanfare-protocol/events';
import { FRAMES_PER_POLL } from 'fanfare-protocol/limits';
import type { Caller } from '../realtime/access/session.ts';
import { isExpired } from '../realtime/access/session.ts';
import { sessionKeyIn } from '../realtime/connections/http-sessions.ts';
import { asError } from '../realtime/failures.ts';
import { logLines } from '../realtime/log-lines.ts';
import { beginChannel } from './begin-channel.ts';
import type { FallbackContext, FallbackPorts } from './context.ts';
import { deliverFrames } from './deliver-frames.ts';
import { deliveryOf } from './delivery.ts';
import type { EventStream, StreamEvent } from './event-stream.ts';
import { isRenewalDue, renewLease } from './lease.ts';
import type { Lifetime } from './lifetime.ts';
import { Pace } from './pace.ts';
import { type Patience, paced } from './patience.ts';
import { type Permitted, permitted } from './permitted.ts';
import { closeSession } from './session.ts';
import type { StreamChannels } from './stream-channels.ts';

export interface StreamOptions {
  readonly context: FallbackContext;
  readonly caller: Caller;
  readonly channels: StreamChannels;
  readonly events: EventStream;
  readonly lifetime: Lifetime;
}

/** Runs the stream, and closes its session at every kind of end. */
export async function stream(options: StreamOptions): Promise<void> {
  const { context, caller, events } = options;
  const { ports } = context;
  try {
    await new Stream(options).run();
  } catch (error) {
    // The reader connects again and resumes.
    ports.log.error(logLines.streamFailed, { error: asError(error), requestId: caller.requestId });
  }
  await closeSession(ports, caller.connectionId).finally(() => events.end());
}

class Stream {
  private readonly options: StreamOptions;
  private readonly ports: FallbackPorts;
  private readonly pace = new Pace();
  private readonly patience: Patience;
  private leaseUntil: number | undefined;
  private isAnnounced = false;

  constructor(options: StreamOptions) {
    this.options = options;
    this.ports = options.context.ports;
    this.leaseUntil = options.caller.leaseUntil ?? 0;
    this.patience = {
      meter: options.context.rateLimit.meter(options.caller),
      now: this.ports.now,
      wait: (ms) => this.wait(ms),
    };
  }

  async run(): Promise<void> {
    const { context, caller, channels, events } = this.options;
    await events.begin();
    for (const channel of channels.names)
      await this.send(beginChannel(context, caller, channels, channel, this.patience));
    let goesOn = true;
    while (goesOn && !this.isOver) {
      await this.announceEnd();
      goesOn = (await this.renew()) && (await this.deliver());
    }
    if (isExpired(caller, this.ports.now())) await events.send(closing('token-expired'));
  }

  private get isOver(): boolean {
    const { caller, events, lifetime } = this.options;
    const now = this.ports.now();
    return events.left.aborted || isExpired(caller, now) || lifetime.isOver(now);
  }

  private async announceEnd(): Promise<void> {
    const { events, lifetime } = this.options;
    const isClosing = () => lifetime.isClosing(this.ports.now(), events.written);
    if (this.isAnnounced || !isClosing()) return;
    if (lifetime.isQuiet) await this.lookForClient();
    if (!isClosing()) return;
    this.isAnnounced = true;
    await events.send(closing('lifetime'));
  }

  private async lookForClient(): Promise<void> {
    const { connectionId } = this.options.caller;
    const session = await this.ports.sessions.find(sessionKeyIn(connectionId));
    const isOurs = session?.connectionId === connectionId;
    if (isOurs && session.seenAt !== undefined) this.options.lifetime.seen(session.seenAt);
  }

  /** False when the session is over, or another request has opened it again. */
  private async renew(): Promise<boolean> {
    if (this.leaseUntil !== undefined && isRenewalDue(this.leaseUntil, this.ports.now()))
      this.leaseUntil = await renewLease(this.options.context, this.options.caller);
    return this.leaseUntil !== undefined;
  }

  /** Sends the frames that have come, and waits for more. Returns `false` when the connection was closed. */
  private async deliver(): Promise<boolean> {
    const { context, caller, channels, events, lifetime } = this.options;
    const { mailboxes, now, pause } = this.ports;
    const { entries, allows } = await permitted(context, caller, await mailboxes.read(caller.connectionId));
    const { frames, entryIds, isLast } = deliveryOf(entries);
    for (const frame of frames) this.patience.meter.received(Buffer.byteLength(frame));
    // Only messages from the log, which fill a gap, add bytes to those of the mailbox.
    await this.send(paced(deliverFrames(this.ports, channels, frames), this.patience), allows);
    await mailboxes.remove(caller.connectionId, entryIds);
    if (isLast) return false;
    await events.keepAlive();
    await rest(pause, Math.min(this.pace.next(amountOf(frames)), lifetime.left(now())), events.left);
    return true;
  }

  /** Waits until a channel may go on; false when the stream is over. Its session lives on meanwhile. */
  private async wait(ms: number): Promise<boolean> {
    const { events, lifetime } = this.options;
    await this.announceEnd();
    await events.keepAlive();
    await rest(this.ports.pause, Math.min(ms, lifetime.left(this.ports.now())), events.left);
    return !this.isOver && this.renew();
  }

  /** No event goes out after the end of its token, even if it was under way. */
  private async send(outgoing: AsyncIterable<StreamEvent>, allows?: Permitted['allows']): Promise<void> {
    for await (const event of outgoing) {
      if (this.isOver) return;
      if (!allows || allows(event.frame)) await this.options.events.send(event);
    }
  }
}

function amountOf({ length }: readonly string[]): 'a full page' | 'some' | 'nothing' {
  if (length === 0) return 'nothing';
  return length < FRAMES_PER_POLL ? 'some' : 'a full page';
}

function closing(reason: ClosingEvent['reason']): StreamEvent {
  const event: ClosingEvent = { event: 'closing', reason, reconnectAfter: 0 };
  return { frame: JSON.stringify(event) };
}

/** Pauses; returns early when the reader leaves. */
function rest(pause: FallbackPorts['pause'], ms: number, left: AbortSignal): Promise<void> {
  if (ms <= 0 || left.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = () => {
      left.removeEventListener('abort', settle);
      resolve();
    };
    left.addEventListener('abort', settle);
    void pause(ms).then(settle);
  });
}
