/** A stage with one wrong door. A test can change the frames of sockets, their ends, and the answers of HTTP. */

import type { Closing, Stage, Wire } from '../../smoke/stage.ts';

/** Changes the texts of the stage on their way. A text is lost if the function returns nothing. */
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

/** The connection with this number, counted from 1, never gets messages. */
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

/** Connections end with another code. */
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

/** Replaces an HTTP answer of the stage, if the function returns one. */
export function withAnswers(
  stage: Stage,
  answer: (request: Request, own: () => Promise<Response>) => Promise<Response>,
): Stage {
  return {
    ...stage,
    fetch: (input, init) => answer(new Request(input, init), () => stage.fetch(input, init)),
  };
}
