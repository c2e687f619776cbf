/** The names on events of the account's default bus, which all stages share. */

import { Match } from 'aws-cdk-lib/aws-events';

/** The detail type of an event that publishes. */
export const PUBLISH_EVENT = 'fanfare.publish';

/** Lifecycle events have this source. */
export function eventSource(stage: string): string {
  return `fanfare.${stage}`;
}

/** No name of a stage has a dot, so this is the source of no lifecycle event. */
const PUBLISHERS = 'fanfare.publish.';

/** The source of events that publish to a stage, if their sender has the right for one stage only. */
export function publishSource(stage: string): string {
  return `${PUBLISHERS}${stage}`;
}

/**
 * The pattern of the sources that may publish to a stage: every source but that of another stage's publishers. A sender whose right is
 * for one stage can name no other stage in its events.
 */
export function publishSources(stage: string): string[] {
  return Match.anyOf(Match.anythingButPrefix(PUBLISHERS), publishSource(stage));
}
