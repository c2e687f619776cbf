/** Reads an event stream event by event, as an `EventSource` would. Returns the refusal if the stream is refused. */

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import * as v from 'valibot';
import { Queue } from '../../local/queue.ts';

const frame = v.looseObject({ event: v.string() });

export interface Received {
  readonly id?: string | undefined;
  readonly frame: v.InferOutput<typeof frame>;
}

export type Heard = Received | 'the end';

export class EventReader {
  readonly response: Response;
  private readonly heard = new Queue<Heard>();
  private readonly leaving: AbortController;

  private constructor(response: Response, leaving: AbortController) {
    this.response = response;
    this.leaving = leaving;
    void this.read();
  }

  /** @throws Error with the status when it is refused. */
  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    const leaving = new AbortController();
    const response = await fetch(url, { headers, signal: leaving.signal });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return new EventReader(response, leaving);
  }

  next(): Promise<Heard> {
    return this.heard.next();
  }

  /** The next event of this kind; others are passed over. */
  async nextOf(event: string): Promise<Received> {
    for (;;) {
      const heard = await this.next();
      if (heard === 'the end') throw new Error(`The stream has ended before ${event}`);
      if (heard.frame.event === event) return heard;
    }
  }

  /** All events until the stream ends. */
  async rest(): Promise<readonly Received[]> {
    const events: Received[] = [];
    for (;;) {
      const heard = await this.next();
      if (heard === 'the end') return events;
      events.push(heard);
    }
  }

  leave(): void {
    this.leaving.abort();
  }

  private async read(): Promise<void> {
    const onEvent = ({ id, data }: EventSourceMessage) =>
      this.heard.put({ id, frame: v.parse(frame, JSON.parse(data)) });
    const parser = createParser({ onEvent });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? [])
        parser.feed(decoder.decode(chunk, { stream: true }));
    } catch {
      // The stream was cut or left, so no more events come.
    }
    this.heard.put('the end');
  }
}

/** Data of the messages in an event. */
export function dataIn({ frame: content }: Received): unknown[] {
  const { messages } = v.parse(v.object({ messages: v.array(v.object({ data: v.unknown() })) }), content);
  return messages.map(({ data }) => data);
}
