/** Who types in a room, by a channel without history: only the present moment counts. */

import { useChannel } from 'fanfare-client/react';
import { useRef, useState } from 'react';

/** A user who said so longer ago than this has stopped. Milliseconds. */
const SHOWN_MS = 3_000;
/** How often a user who types says so. Each time costs a message to everyone in the room. Milliseconds. */
const EVERY_MS = 2_000;

export function useTyping(room: string, me: string) {
  const [typists, setTypists] = useState<readonly string[]>([]);
  const timers = useRef(new Map<string, number>());
  const saidAt = useRef(0);
  const forget = (user: string) => setTypists((list) => list.filter((name) => name !== user));

  const { publish } = useChannel(`live:typing-${room}`, {
    keep: 0,
    onMessage({ from = '', data: isTyping }) {
      if (from === me) return;
      window.clearTimeout(timers.current.get(from));
      if (isTyping !== true) return forget(from);
      timers.current.set(
        from,
        window.setTimeout(() => forget(from), SHOWN_MS),
      );
      setTypists((list) => [...list.filter((name) => name !== from), from]);
    },
  });

  function say(isTyping: boolean, at: number): void {
    saidAt.current = at;
    void publish(isTyping);
  }

  return {
    typists,
    typing: () => Date.now() - saidAt.current >= EVERY_MS && say(true, Date.now()),
    stopped: () => say(false, 0),
  };
}
