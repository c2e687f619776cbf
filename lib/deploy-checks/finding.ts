/** One finding of a check in a template. */

export interface Finding {
  /** Logical id of the resource, or the section of the template: `Outputs`. */
  readonly resource: string;
  /** Below it: `Properties.FilterCriteria.Filters.0`. */
  readonly path: string;
  readonly sentence: string;
}

/** A finding without its resource, which the caller adds. */
export type Mistake = Omit<Finding, 'resource'>;

/** As one line, for tests and command lines. */
export function lineOf({ resource, path, sentence }: Finding): string {
  return `${[resource, path].filter((part) => part !== '').join(' ')}: ${sentence}`;
}
