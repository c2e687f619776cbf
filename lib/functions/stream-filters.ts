/** Makes the filters of an event source mapping, and checks them against Lambda's limits before anything is deployed. */

import { ALL } from 'fanfare-protocol/channel';
import type { ChangesPolicy, FilterPattern } from '../../lambdas/manifest/manifest.ts';
import { groupedNamespaces } from '../../lambdas/realtime/access/namespaces.ts';
import { stageInfo } from '../../lambdas/realtime/access/stage-info.ts';
import type { UserConfig } from '../bundling/user-config.ts';
import { SettingError } from '../settings/setting-error.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const MOST_FILTERS = 5;
const MOST_CHARACTERS = 4_096;

/**
 * The filters of a reader on a stage. A change passes if it matches one of them.
 *
 * @throws SettingError for names of namespaces that make a filter longer than Lambda takes; Error for too many filters.
 */
export function streamFilters(
  reader: string,
  changes: ChangesPolicy,
  namespaces: readonly string[],
  packed: readonly string[],
): readonly FilterPattern[] {
  return checkedFilters(reader, changes(namespaces, packed));
}

/** All namespaces of the stage whose channels have rows of their own, except `@all`, which has every connection. */
export function namespacesOf({ declare }: Pick<UserConfig, 'declare'>, stage: string): readonly string[] {
  const { namespaces, builtIn } = declare(stageInfo(stage));
  const others = [ALL, ...groupedNamespaces({ namespaces })];
  return Object.keys({ ...namespaces, ...builtIn }).filter((namespace) => !others.includes(namespace));
}

/** @throws SettingError for names of namespaces that make a filter longer than Lambda takes; Error for too many filters. */
export function checkedFilters(reader: string, filters: readonly FilterPattern[]): readonly FilterPattern[] {
  if (filters.length > MOST_FILTERS)
    throw new Error(`The reader ${reader} has ${filters.length} filters; Lambda takes ${MOST_FILTERS}.`);
  const longest = Math.max(...filters.map((filter) => JSON.stringify(filter).length));
  if (longest > MOST_CHARACTERS)
    throw new SettingError(
      `A filter of the reader ${reader} has ${longest} characters; Lambda takes ${MOST_CHARACTERS}. Fewer or shorter names of namespaces in fanfare.config.ts make it shorter.`,
    );
  return filters;
}
