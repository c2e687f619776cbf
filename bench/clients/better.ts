/** Says where another client does better than Fanfare's, so that the page cannot leave it out. */

import type { Row } from '../report.ts';

/** One figure of all clients, of which less is better. */
export interface Criterion {
  readonly what: string;
  /** `undefined` for a client that has no such figure. */
  readonly figures: readonly (readonly [client: string, figure: number | undefined])[];
  readonly shown: (figure: number) => string;
}

/** @returns a row for each criterion in which some client has less than `own`. */
export function whereOthersAreBetter(own: string, criteria: readonly Criterion[]): readonly Row[] {
  return criteria.flatMap(({ what, figures, shown }) => {
    const mine = figures.find(([client]) => client === own)?.[1];
    if (mine === undefined) return [];
    const better = figures.flatMap(([client, figure]) =>
      figure !== undefined && shown(figure) !== shown(mine) && figure < mine
        ? [`${client} ${shown(figure)}`]
        : [],
    );
    return better.length === 0 ? [] : [[what, shown(mine), better.join(', ')]];
  });
}
