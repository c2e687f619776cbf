/**
 * Properties by which the modules of `fanfare-client` reach each other. The build gives them short names, like those of private
 * fields, which a bundler already shortens: 330 bytes of the core. No application, server frame or platform knows these names, and
 * no dependency exports one: the bundler would then keep all that it exports.
 */

const NAMES = [
  'adopted|again|answers|become|begin|closed|confirmed|connected|deliver|dial|each|emit|end|endAt|events|failures|feeds|guarded|hasHistory|head|hold|interrupted|newest|sequencer|onFrame|heard',
  'isBusy|isFresh|isIdle|isOpen|isRenewable|sockets|isSlow|leave|live|measured|moreBytes|missingUpTo|opened|outbox|offer',
  'owner|pace|page|pause|pongMs|doubtUntil|reached|received|release|forget|repeats|replay|report|result|retire|retryMs|revision|rewind|rhythm|rotate',
  'sentAt|settings|settle|stopwatch|subscribed|sync|synced|take|timer|timers|turn|unused|ask|upTo|waiting|waitMs|wakeUp',
];

export const INTERNAL_NAMES = new RegExp(`^(?:${NAMES.join('|')})$`);
