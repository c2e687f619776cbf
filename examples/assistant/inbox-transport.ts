/** Lets `useChat` talk with a server over Fanfare: questions go to a channel, and answers come through the user's inbox. */

import type { ChatTransport, UIMessage, UIMessageChunk } from 'ai';
import type { Channel, Connection } from 'fanfare-client';
import { messagesOf } from 'fanfare-client/history';
import * as v from 'valibot';
import { type Answer, keptBy, messageOf } from './answers.ts';
import { isOver, pieceOf, type Question, questionSchema, REQUESTS, type Request } from './pieces.ts';

export class InboxTransport implements ChatTransport<UIMessage> {
  /** A stream that is resumed begins with the first chunk of its answer. */
  readonly resumeStreamIsReplay = true;
  readonly #chat: string;
  readonly #inbox: Channel;
  readonly #requests: Channel;
  /** The questions of this page. */
  readonly #own = new Set<string>();
  /** How far the inbox is read. */
  #position = 0;
  #running: Pick<Answer, 'question' | 'after'> | undefined;

  constructor(connection: Connection, user: string, chat: string) {
    this.#chat = chat;
    this.#inbox = connection.channel(`@user:${user}`);
    this.#requests = connection.channel(REQUESTS);
  }

  /** The messages so far, with which `useChat` begins. With `resume`, it then streams the answer that is still being written. */
  async load(): Promise<UIMessage[]> {
    const found = new Map<string, Answer>();
    for await (const { seq = 0, data } of keptBy(this.#inbox)) {
      this.#position = seq;
      const { to = '', question, chunks = [] } = pieceOf(this.#chat, data) ?? {};
      if (question) found.set(to, { question, after: seq - 1, chunks: [] });
      found.get(to)?.chunks.push(...chunks);
    }
    const messages: UIMessage[] = [];
    for (const answer of found.values()) {
      const isRunning = !isOver(answer.chunks);
      if (isRunning) this.#running = answer;
      const message = isRunning ? undefined : await messageOf(answer.chunks);
      messages.push(answer.question, ...(message ? [message] : []));
    }
    return messages;
  }

  /** Each question that the user asks on another device. Resume the stream for its answer before you take the next one. */
  async *questionsElsewhere(signal: AbortSignal): AsyncGenerator<Question, void, void> {
    for await (const { seq = 0, data } of messagesOf(this.#inbox, { after: this.#position, signal })) {
      this.#position = seq;
      const { question } = pieceOf(this.#chat, data) ?? {};
      if (question === undefined || this.#own.has(question.id)) continue;
      this.#running = { question, after: seq - 1 };
      yield question;
    }
  }

  async sendMessages({ messages, abortSignal }: Parameters<ChatTransport<UIMessage>['sendMessages']>[0]) {
    const question = v.parse(questionSchema, messages.at(-1));
    this.#own.add(question.id);
    const stream = this.#read(question.id, this.#position);
    abortSignal?.addEventListener('abort', () => void this.stop(question.id));
    await this.#ask({ chat: this.#chat, question });
    return stream;
  }

  async reconnectToStream(): Promise<ReadableStream<UIMessageChunk> | null> {
    return this.#running ? this.#read(this.#running.question.id, this.#running.after) : null;
  }

  /** The server ends the answer, and all devices see its end. To stop only the reading would leave the server at work. */
  stop(question: string): Promise<void> {
    return this.#ask({ chat: this.#chat, stop: question });
  }

  async #ask(request: Request): Promise<void> {
    await this.#requests.publish(request);
  }

  /** The subscription survives interruptions of the network, so the stream does. */
  #read(to: string, after: number): ReadableStream<UIMessageChunk> {
    const ended = new AbortController();
    return new ReadableStream<UIMessageChunk>({
      start: (controller) => {
        const take = (data: unknown) => {
          const piece = pieceOf(this.#chat, data);
          if (piece?.to !== to) return;
          for (const chunk of piece.chunks) controller.enqueue(chunk);
          if (!isOver(piece.chunks)) return;
          if (this.#running?.question.id === to) this.#running = undefined;
          controller.close();
          ended.abort();
        };
        const onEnd = (error?: Error) => error && controller.error(error);
        this.#inbox.subscribe(({ data }) => take(data), { after, signal: ended.signal, onEnd });
      },
      cancel: () => ended.abort(),
    });
  }
}
