/**
 * The sentences of all log lines that functions write. Metric filters look for them (`lib/observability/`), so a line is written with its
 * name in this table: a sentence that changes here changes in the filter as well.
 */

export const logLines = {
  // Handshakes and requests
  handshakeRefused: 'A handshake was refused',
  requestRefused: 'A request was refused',
  handlerFailed: 'A handler failed',
  commandFailed: 'A command failed',
  requestFailed: 'A request failed',
  operationFailed: 'An operation failed',
  streamFailed: 'A stream failed',
  notJoinedTogether: 'Channels could not be joined together',
  outcomeNotStored: 'The outcome of a run could not be stored',

  // Events in place of requests
  eventNotPublished: 'An event was not published',
  eventMalformed: 'An event does not have the form of a publish',
  eventOfOtherStage: 'An event is for another stage',

  // Deliveries
  unreached: 'Some could not be reached yet',
  postsRefused: 'The platform did not take posts, and that is an error of ours',
  postsStillRefused: 'Posts are still refused',
  workersRefused: 'Lambda refuses workers for the recipients that a broadcast missed',
  closesRefused: 'The platform refused to close connections',
  broadcastGivenUp: 'A broadcast was given up for an error of ours; its recipients stay connected',
  deliveryFailed: 'A delivery failed for good',
  lateFrameDropped: 'A late frame was dropped',
  lateFrameNotNoted: 'A late frame could not be noted',
  deadNotForgotten: 'A dead connection could not be forgotten',
  notClosed: 'A connection could not be closed',
  notNarrowed: 'A channel could not be made narrower',
  deliveredAgain: 'A channel has to be delivered again',
  sweepUnfinished: 'The time was not enough: the next sweep goes on',

  // Presence, and whether channels are occupied
  presenceLate: 'A change of presence is late',
  presenceOverdue: 'Changes of presence were overdue',
  presenceCheckedAgain: 'The presence of a user has to be checked again',
  presenceWorkerFailed: 'The worker of presence failed',
  farewellFailed: 'A farewell failed',
  dueListUnread: 'The due list of presence could not be looked at',
  overdueUnread: 'Overdue presence could not be looked at',
  windowKept: 'A window of presence keeps its length',
  channelLookedAtAgain: 'A channel has to be looked at again',
} as const;

export type LogLine = (typeof logLines)[keyof typeof logLines];

/** Fields whose numbers a metric adds up. A line of these sentences does not compile without its field. */
export const countedFields = {
  [logLines.unreached]: 'unreached',
  [logLines.lateFrameDropped]: 'connections',
} as const satisfies Partial<Readonly<Record<LogLine, string>>>;

type CountedFields = typeof countedFields;

/** The field that a line of this sentence must have. */
export type CountedField<Line extends LogLine> = Line extends keyof CountedFields
  ? Readonly<Record<CountedFields[Line], number>>
  : unknown;
