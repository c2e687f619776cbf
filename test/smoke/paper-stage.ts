/** A stage on paper: its connections send nothing, and live as long as the platform allows. */

import type { Closing, Stage, Wire } from '../../smoke/stage.ts';

interface Lives {
  readonly idleMs: number;
  readonly lifetimeMs: number;
}

const GOING_AWAY: Closing = { code: 1001, reason: 'Going away' };

/** @param lives The differences from the promises of the stage. */
export function paperStage(stage: Stage, lives: Partial<Lives>): Stage {
  const open: Stage['open'] = async () => ({
    kind: 'open',
    wire: paperWire({ ...stage.patience, ...lives }),
  });
  return { ...stage, open };
}

/** As in the local runtime, control frames do not count as sent (KA-3). */
function paperWire({ idleMs, lifetimeMs }: Lives): Wire {
  let end: (closing: Closing) => void = () => {};
  const closed = new Promise<Closing>((resolve) => {
    end = resolve;
  });
  const idle = setTimeout(() => end(GOING_AWAY), idleMs);
  const life = setTimeout(() => end(GOING_AWAY), lifetimeMs);
  void closed.then(() => {
    clearTimeout(idle);
    clearTimeout(life);
  });
  return {
    protocol: '',
    closed,
    send: () => idle.refresh(),
    sendFragments: () => idle.refresh(),
    sendBinary: () => idle.refresh(),
    sendPingFrame() {},
    close: () => end({ code: 1000, reason: '' }),
    cut: () => end({ code: 1006, reason: '' }),
  };
}
