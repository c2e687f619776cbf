/** Plays the chosen situations one after the other, and prints a line for each. */

import { publishBars, publishPage } from '../report.ts';
import type { NetworksOptions } from './options.ts';
import { cellsOf, HEAD, lineOf, networksPage, PLOT_TITLE, type Played } from './page.ts';
import { type Figures, play } from './play.ts';
import { type RealSituation, realSituations } from './real/situations.ts';
import type { Situation } from './situation.ts';
import { situations } from './situations.ts';
import { breachesOf } from './verdict.ts';

export const situationNames = [...situations, ...realSituations].map(({ name }) => name);

/** @returns the situations that are broken. */
export async function playAll(
  { seed, only, writes }: NetworksOptions,
  print: (line: string) => void,
): Promise<readonly Played[]> {
  const isChosen = ({ name }: { readonly name: string }) => only.length === 0 || only.includes(name);
  const played: Played[] = [];
  const note = (situation: Situation | RealSituation, figures: Figures) => {
    const { name, about } = situation;
    const one = { name, about, figures, breaches: breachesOf(situation, figures) };
    played.push(one);
    print(lineOf(cellsOf(one)));
  };
  print(lineOf(HEAD));
  for (const situation of situations.filter(isChosen)) note(situation, await play(situation, seed));
  await playReal(realSituations.filter(isChosen), seed, note);
  if (writes) await write(seed, played);
  return played.filter(({ breaches }) => breaches.length > 0);
}

/** The runtime is loaded only for these: it takes seconds. */
async function playReal(
  chosen: readonly RealSituation[],
  seed: number,
  note: (situation: RealSituation, figures: Figures) => void,
): Promise<void> {
  if (chosen.length === 0) return;
  const { RealNetworks } = await import('./real/play.ts');
  const networks = new RealNetworks();
  try {
    for (const situation of chosen) note(situation, await networks.play(situation, seed));
  } finally {
    await networks.close();
  }
}

async function write(seed: number, played: readonly Played[]): Promise<void> {
  await publishPage('networks', networksPage(seed, played));
  // The percentile is that of the messages that came, so it says nothing where some did not.
  const bars = played
    .filter(({ figures }) => figures.missed === 0)
    .map(({ name, figures }) => [name, Number((figures.lateP99 / 1000).toFixed(1))] as const);
  await publishBars('networks', PLOT_TITLE, bars);
}
