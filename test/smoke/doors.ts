/** A stage of which one door answers wrongly: what comes on sockets, how they end, and what HTTP answers can be changed. */

import type { Closing, Stage, Wire } from '../../smoke/stage.ts';

/** Texts that the stage sends are changed on their way, or lost where nothing comes back. */
export function withTexts(stage: Stage, change: (text: string) => string | undefined): Stage {
  return {
    ...stage,
    open: (handshake, onText) =>
      stage.open(handshake, (text) => {
        const changed = change(text);
        if (changed !== undefined) onText(changed);
      }),
  };
}

/** The connection that comes as this one, counted from 1, is never told of messages. */
export function withDeaf(stage: Stage, deaf: number): Stage {
  let opened = 0;
  return {
    ...stage,
    open(handshake, onText) {
      opened += 1;
      const isDeaf = opened === deaf;
      return stage.open(handshake, (text) => {
        if (!isDeaf || !text.startsWith('{"event":"messages"')) onText(text);
      });
    },
  };
}

/** Connections end with another code than they do. */
export function withEnds(stage: Stage, change: (closing: Closing) => Closing): Stage {
  const changed = (wire: Wire): Wire => ({ ...wire, closed: wire.closed.then(change) });
  return {
    ...stage,
    async open(handshake, onText) {
      const entry = await stage.open(handshake, onText);
      return entry.kind === 'open' ? { ...entry, wire: changed(entry.wire) } : entry;
    },
  };
}

/** An answer of HTTP takes the place of the stage's own, where there is one. */
export function withAnswers(
  stage: Stage,
  answer: (request: Request, own: () => Promise<Response>) => Promise<Response>,
): Stage {
  return {
    ...stage,
    fetch: (input, init) => answer(new Request(input, init), () => stage.fetch(input, init)),
  };
}
