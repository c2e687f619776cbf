/** Reads the answers that an inbox has. */

import { readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import type { Channel } from 'fanfare-client';
import { type HistoryPage, historyOf } from 'fanfare-client/history';
import { untilDone } from '../until-done.ts';
import type { Question } from './pieces.ts';

/** An answer that a page finds in the inbox. */
export interface Answer {
  readonly question: Question;
  /** The position right before its first piece. */
  readonly after: number;
  readonly chunks: UIMessageChunk[];
}

/** Every message that the channel still keeps, oldest first. */
export async function* keptBy(channel: Channel) {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: HistoryPage = await pageAfter(channel, after);
    yield* page.messages;
    after = page.more ? page.next : undefined;
  }
}

/** The page may be opened while there is no network, or the server is slow. */
const pageAfter = (channel: Channel, after: number): Promise<HistoryPage> =>
  untilDone(() => historyOf(channel, { after, limit: 1_000 }));

/** The message that the chunks of an answer make. */
export async function messageOf(chunks: readonly UIMessageChunk[]): Promise<UIMessage | undefined> {
  const stream = new ReadableStream<UIMessageChunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  let message: UIMessage | undefined;
  for await (const longer of readUIMessageStream({ stream })) message = longer;
  return message;
}
