/** Every limit of the wire, with its reason: the platform's own first, then the ones Fanfare adds. */

const KB = 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A larger frame closes the connection with 1009 (LM-4); clients cannot choose their framing (LM-5). Bytes. */
export const FRAME_BYTES = 32 * KB;

/** A larger message closes the connection with 1009; the same cap holds for posts and replies (LM-3). Bytes. */
export const MESSAGE_BYTES = 128 * KB;

/** The platform closes a connection on which nothing was sent either way for this long (KA-1). Milliseconds. */
export const IDLE_TIMEOUT_MS = 10 * MINUTE;

/** The platform closes every connection at this age (KA-6). Milliseconds. */
export const CONNECTION_LIFETIME_MS = 2 * HOUR;

/** The longest an integration may take (quota of section 3.1), and so the longest a handshake lasts. Milliseconds. */
export const INTEGRATION_TIMEOUT_MS = 29 * SECOND;

/** Matches the limit of comparable systems, and keeps channel names small in keys, logs and metrics. Characters. */
export const CHANNEL_LENGTH = 164;

/** An `id` is echoed in the reply: bounded, so that a reply cannot outgrow the command. Characters. */
export const ID_LENGTH = 128;

/** Retry keys are stored with the message: a UUID needs 36. Characters. */
export const KEY_LENGTH = 128;

/** One Lambda invocation runs a whole array in order, within the integration timeout. Commands. */
export const COMMANDS_PER_FRAME = 100;

/**
 * One publish is one frame to every subscriber, and one DynamoDB transaction: of its 100 items, half may be retry keys.
 * Messages.
 */
export const MESSAGES_PER_PUBLISH = 50;

/** What `history` answers when it is not asked for fewer. Messages. */
export const HISTORY_LIMIT = 50;

/** The most that `history` answers at once; the 128 KB of a reply may be full before. Messages. */
export const HISTORY_LIMIT_MAX = 1_000;

/** Deep enough for any document, shallow enough that no serializer recurses dangerously. Levels. */
export const JSON_DEPTH = 64;

/** A connection's channels live in its item, which every subscribe rewrites: the cap bounds that cost. Channels. */
export const CHANNELS_PER_CONNECTION = 100;

/**
 * What one connection may ask for in a second, over time; each command of an array counts. More than hands can do, and a
 * program has 50 messages in a command; twenty connections together fill the 1,000 writes a second of a channel's partition.
 */
export const COMMANDS_PER_SECOND = 50;

/** What one connection may send in a second, over time: 32 of the units of 32 KB that the platform bills. Bytes. */
export const BYTES_PER_SECOND = 1024 * KB;

/**
 * What may leave in a second for any one receiver beyond what came in, over time: replies, and frames for subscribers. It costs
 * the same time as commands and bytes, and each command's own time covers 4 KB of it: fifty short messages in a command, or a
 * small page of history. For 1 MB that comes in at once, no more than 3 MB leave. Bytes.
 */
export const SURPLUS_BYTES_PER_SECOND = 200 * KB;

/**
 * How much a connection that was quiet may have at once: to come back to a hundred channels and read four pages of what was
 * missed in each. A flood has it, too, before it is refused: no more than that. Milliseconds' worth.
 */
export const BURST_MS = 10 * SECOND;

/** Tabs and devices of one person; with far more than that, a token has got into many hands. Connections. */
export const CONNECTIONS_PER_USER = 100;

/** A token's `channels`, as JSON: they come with every event, and the platform takes 8 KB from an authorizer (AU-4). Bytes. */
export const GRANTS_BYTES = 4 * KB;

/** A token's `info`, as JSON: it is stored with every subscription and sent to every member. Bytes. */
export const INFO_BYTES = KB;

/** A user id as its issuer writes it; what a channel name holds of it is less. Characters. */
export const USER_LENGTH = 158;

/** One request to the HTTP API is one invocation, which has as long as the gateway waits. Channels, or users. */
export const CHANNELS_PER_REQUEST = 100;

/** A client names its HTTP session, and without a token nothing else keeps others out of it: long enough to be random. Characters. */
export const SESSION_LENGTH_MIN = 16;

/** Enough for any random id. Characters. */
export const SESSION_LENGTH_MAX = 64;

/** The longest that a poll is held open: proxies cut what is silent for longer than 30 s. Seconds. */
export const POLL_WAIT_SECONDS = 20;

/** What one poll answers at most: acknowledged by name in the next one, and a URL of 2 KB passes everywhere. Frames. */
export const FRAMES_PER_POLL = 100;

/** What one poll answers at most, but for a single frame: Lambda answers with 6 MB at most, and this is half a bucket. Bytes. */
export const POLL_BYTES = 1024 * KB;

/** An HTTP session whose client neither polls nor streams for this long is over. Milliseconds. */
export const HTTP_SESSION_LEASE_MS = 2 * MINUTE;

/**
 * Sessions over HTTP, streams and polls together, that may be open without a token at one source address, unless the stage says
 * otherwise: the tabs of a household. An open stream keeps an execution of the stage to itself. Sessions.
 */
export const SESSIONS_PER_ADDRESS = 10;

/** How long openings of sessions without a token are counted together. Milliseconds. */
export const OPENINGS_WINDOW_MS = 10 * SECOND;

/**
 * What a stage opens without a token in that time: two hundred visitors who come back at once. Each opening writes some seven
 * items. Sessions.
 */
export const OPENINGS_PER_WINDOW = 200;

/** What one address may open in that time, for each session that it may have open: one address never takes all. Sessions. */
export const OPENINGS_PER_SESSION = 3;

/**
 * A stream without a token whose client sends nothing for this long ends, and resumes when the client comes again: Lambda does not
 * tell a function that its reader has left. Milliseconds.
 */
export const QUIET_ANONYMOUS_STREAM_MS = 2 * MINUTE;

/** The same for a user, of whom there are 100 connections at most. The client library pings before. Milliseconds. */
export const QUIET_STREAM_MS = 5 * MINUTE;
