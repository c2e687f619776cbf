/** A page, whose events a test makes happen. */

import { onTestFinished, vi } from 'vitest';

interface Listening {
  readonly type: string;
  readonly listener: () => void;
  readonly until: { readonly signal: AbortSignal };
}

export function stubWindow() {
  const all: Listening[] = [];
  vi.stubGlobal('window', {
    document: { hidden: false },
    addEventListener: (type: string, listener: () => void, until: Listening['until']) =>
      all.push({ type, listener, until }),
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  const listening = () => all.filter(({ until }) => !until.signal.aborted);
  return {
    happen(happening: string): void {
      for (const { type, listener } of listening()) if (type === happening) listener();
    },
    listening,
  };
}
