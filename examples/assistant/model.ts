/** In the place of a language model: it has two answers, and gives one of them token by token. */

import { setTimeout } from 'node:timers/promises';

/** 80 tokens a second, as a fast model does. Milliseconds. */
const TOKEN_MS = 12;
const MOST_TOKENS = 20_000;

export const EXPLANATION =
  `The server publishes this answer to your inbox, piece by piece, and each piece has a number. Your page
shows the pieces in the order of their numbers. When the network is cut, the client asks for the pieces after the last one that it
has. When you load the page again, it reads the inbox from your question on. A second device does the same. So nothing is missing, and
nothing comes twice.`.replaceAll('\n', ' ');

/** Ends early, without an error, when the signal aborts. */
export async function* answerTo(question: string, signal: AbortSignal): AsyncGenerator<string, void, void> {
  for (const token of question.startsWith('Count') ? numbers() : EXPLANATION.split(/(?<= )/)) {
    await setTimeout(TOKEN_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    yield token;
  }
}

function* numbers() {
  for (let number = 1; number <= MOST_TOKENS; number += 1) yield `${number} `;
}
