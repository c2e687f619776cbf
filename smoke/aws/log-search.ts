/** Looks for texts in the log groups of a stage; CloudWatch does the search, so that a busy stage is not downloaded. */

import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

import { boundedRequests } from '../bounded-requests.ts';

export interface LogSearch {
  readonly groups: readonly string[];
  /**
   * The names of the groups that have a line with one of the texts since a moment.
   *
   * @param since Milliseconds since 1970.
   * @throws Error when a group has more lines than can be searched in time.
   */
  groupsWith(texts: readonly string[], since: number): Promise<readonly string[]>;
}

/** A filter pattern has 1,024 characters at most, and a text of 24 takes 28. */
const TEXTS_PER_PATTERN = 30;

/** CloudWatch answers in pages, of which some are empty. A run of minutes has a few. */
const MOST_PAGES = 100;

export function logSearch(
  groups: readonly string[],
  client = new CloudWatchLogsClient(boundedRequests),
): LogSearch {
  return {
    groups,
    async groupsWith(texts, since) {
      const found: string[] = [];
      for (const group of groups) {
        for (const filterPattern of patternsOf(texts)) {
          if (found.at(-1) !== group && (await hasLine(client, group, filterPattern, since)))
            found.push(group);
        }
      }
      return found;
    },
  };
}

/** One pattern for many texts: `?"a" ?"b"` is a line that has one of them. */
export function patternsOf(texts: readonly string[]): readonly string[] {
  return Array.from({ length: Math.ceil(texts.length / TEXTS_PER_PATTERN) }, (_, index) =>
    texts
      .slice(index * TEXTS_PER_PATTERN, (index + 1) * TEXTS_PER_PATTERN)
      .map((text) => `?"${text}"`)
      .join(' '),
  );
}

async function hasLine(
  client: CloudWatchLogsClient,
  logGroupName: string,
  filterPattern: string,
  startTime: number,
): Promise<boolean> {
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { events = [], nextToken: next } = await client.send(
      new FilterLogEventsCommand({
        logGroupName,
        filterPattern,
        startTime,
        ...(nextToken !== undefined && { nextToken }),
      }),
    );
    if (events.length > 0) return true;
    if (next === undefined) return false;
    nextToken = next;
  }
  throw new Error(`${logGroupName} has more than ${MOST_PAGES} pages of lines to search`);
}
