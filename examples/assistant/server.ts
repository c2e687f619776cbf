/** The assistant: it writes each answer into the inbox of the user who asked, whether a page of theirs is open or not. */

import type { UIMessageChunk } from 'ai';
import { connect } from 'fanfare-client';
import { FanfareServer } from 'fanfare-client/server';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import type { ServerSide } from '../server-side.ts';
import { batched } from './batched.ts';
import { answerTo } from './model.ts';
import { type Piece, type Question, REQUESTS, requestSchema } from './pieces.ts';

/** How long tokens gather for a message. Milliseconds. */
const BATCH_MS = 50;

export const serve: ServerSide = async ({ webSocketUrl, apiUrl, userToken, serverToken, signal }) => {
  const fanfare = new FanfareServer(apiUrl, { token: () => serverToken('assistant') });
  const assistant = connect(webSocketUrl, {
    token: () => userToken('assistant'),
    webSocket: WebSocket,
    signal,
  });
  const running = new Map<string, AbortController>();

  const say = (user: string, data: Piece) => fanfare.call('publish', { users: [user], data });

  async function answer(user: string, chat: string, asked: Question, stop: AbortSignal): Promise<void> {
    const { id: to, parts } = asked;
    const write = (...chunks: UIMessageChunk[]) => say(user, { chat, to, chunks });
    const id = `${to}-answer`;
    const start: UIMessageChunk[] = [
      { type: 'start', messageId: id },
      { type: 'text-start', id },
    ];
    await say(user, { chat, to, question: asked, chunks: start });
    const tokens = answerTo(parts.map(({ text }) => text).join(), stop);
    for await (const delta of batched(tokens, BATCH_MS)) await write({ type: 'text-delta', id, delta });
    await write({ type: 'text-end', id }, { type: stop.aborted ? 'abort' : 'finish' });
  }

  const requests = assistant.channel(REQUESTS).subscribe(async ({ from = '', data }) => {
    const asked = v.parse(requestSchema, data);
    const key = `${from} ${'stop' in asked ? asked.stop : asked.question.id}`;
    if ('stop' in asked) {
      if (running.has(key)) return running.get(key)?.abort();
      // The server that wrote this answer is gone.
      return say(from, { chat: asked.chat, to: asked.stop, chunks: [{ type: 'abort' }] });
    }
    const stop = new AbortController();
    running.set(key, stop);
    await answer(from, asked.chat, asked.question, AbortSignal.any([stop.signal, signal]));
    running.delete(key);
  });
  await requests.ready;
};
