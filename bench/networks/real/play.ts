/** Plays a situation over real sockets, in front of a runtime that all of them share. */

import { type Runtime, startRuntime } from 'fanfare-local';
import { withFanfare } from '../../../bin/fanfare-runtime.ts';
import { randomFrom } from '../../../packages/local/src/seeded-random.ts';
import { type Figures, fanfare } from '../play.ts';
import { MINUTE } from '../situation.ts';
import { RealStage } from './real-stage.ts';
import type { RealSituation } from './situations.ts';

export class RealNetworks {
  #runtime: Promise<Runtime> | undefined;

  /** Timing is that of the machine, so a seed repeats the choices and not the figures. */
  async play(situation: RealSituation, seed: number): Promise<Figures> {
    this.#runtime ??= startRuntime(withFanfare());
    const { urls } = await this.#runtime;
    const stage = await RealStage.open(urls.websocket, situation.shape, fanfare, randomFrom(seed));
    const began = performance.now();
    try {
      await situation.play(stage);
      await stage.settle(situation.settleMs);
    } finally {
      stage.close();
    }
    const minutes = (performance.now() - began) / MINUTE;
    const { bytesNeeded, ...counts } = stage.tally.counts();
    const { down, attempts } = stage.proxy.link;
    return {
      ...counts,
      bytesOverNeeded: down.bytes / bytesNeeded,
      attemptsPerMinute: attempts.length / minutes,
      worstSecond: undefined,
    };
  }

  async close(): Promise<void> {
    await (await this.#runtime)?.close();
  }
}
