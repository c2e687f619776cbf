/** Every limit of the protocol, with its reason: those of API Gateway first, then those that Fanfare adds. */

const KB = 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** API Gateway closes the connection with 1009 at a larger frame (LM-4). Clients cannot choose their framing (LM-5). Bytes. */
export const FRAME_BYTES = 32 * KB;

/** API Gateway closes the connection with 1009 at a larger message. Posts and replies have the same limit (LM-3). Bytes. */
export const MESSAGE_BYTES = 128 * KB;

/** API Gateway closes a connection after this long without a frame in either direction (KA-1). Milliseconds. */
export const IDLE_TIMEOUT_MS = 10 * MINUTE;

/** API Gateway closes every connection at this age (KA-6). Milliseconds. */
export const CONNECTION_LIFETIME_MS = 2 * HOUR;

/** The longest an integration may take (quota of section 3.1), and so the longest a handshake lasts. Milliseconds. */
export const INTEGRATION_TIMEOUT_MS = 29 * SECOND;

/** Matches the limit of comparable systems, and keeps channel names small in keys, logs and metrics. Characters. */
export const CHANNEL_LENGTH = 164;

/** The reply repeats the `id`. The limit keeps a reply from outgrowing its command. Characters. */
export const ID_LENGTH = 128;

/** Retry keys are stored with the message: a UUID needs 36. Characters. */
export const KEY_LENGTH = 128;

/** The name of a value is part of a key of DynamoDB, and of every frame of that value. Characters. */
export const VALUE_NAME_LENGTH = 128;

/** An error frame repeats the name of its action. Characters. */
export const ACTION_NAME_LENGTH = 32;

/** What an action of the application's own may return, as JSON. It fits into one of the units of 32 KB that API Gateway bills. Bytes. */
export const RESULT_BYTES = 30 * KB;

/** One Lambda invocation runs a whole array in order, within the integration timeout. Commands. */
export const COMMANDS_PER_FRAME = 100;

/**
 * A frame of only subscribes and unsubscribes may have more commands than others: each takes a part of what another command takes. 32 KB have
 * room for about as many. Commands.
 */
export const SUBSCRIBES_PER_FRAME = 500;

/** One publish is one frame to every subscriber and one item of the log, and each of its retry keys is a write. Messages. */
export const MESSAGES_PER_PUBLISH = 50;

/** The length of a page of `history` if the command names no limit. Messages. */
export const HISTORY_LIMIT = 50;

/** The longest page of `history`. The 128 KB of a reply may be full earlier. Messages. */
export const HISTORY_LIMIT_MAX = 1_000;

/** Deep enough for any document, shallow enough that no serializer recurses dangerously. Levels. */
export const JSON_DEPTH = 64;

/** Of namespaces that are not grouped. They live in the connection's item, which every frame of subscribes rewrites: the cap bounds that cost. Channels. */
export const CHANNELS_PER_CONNECTION = 100;

/**
 * In a grouped namespace. Each of its 16 groups has room for twice its even share of a thousand channels, so a connection is in at least
 * 1,000 channels. A publish reads the names of all of them, and a subscribe rewrites them: the cap bounds both. Channels.
 */
export const CHANNELS_PER_GROUP = 128;

/**
 * How many commands one connection may send in a second, over time. Each command of an array counts. It is more than a person can
 * type, and a program can put 50 messages into a command. Twenty connections at this rate use up the 1,000 writes a second of a channel's
 * partition. Commands.
 */
export const COMMANDS_PER_SECOND = 50;

/** How much one connection may send in a second, over time: 32 of the units of 32 KB that API Gateway bills. Bytes. */
export const BYTES_PER_SECOND = 1024 * KB;

/**
 * The bytes per second that a connection may cause for each receiver beyond the bytes that it sends itself, over time: replies,
 * and frames for subscribers. They use up the same allowance as commands and bytes. Each command includes 4 KB of it: fifty short
 * messages in a command, or a small page of history. For 1 MB that comes in at once, at most 3 MB go out. Bytes.
 */
export const SURPLUS_BYTES_PER_SECOND = 200 * KB;

/**
 * How many posts one connection may cause in a second, over time: one for each subscriber of each of its publishes. A post costs $1 a million,
 * so a connection at this rate costs $9 an hour. Each command includes 50 posts, so a publish to 50 subscribers costs no more than any
 * command. Posts.
 */
export const POSTS_PER_SECOND = 2_500;

/**
 * The most that one publish costs, as time at the rates above. In a channel of any size, a connection may publish once in this time. The pace of
 * the stage limits the posts (`FlowControl`). Milliseconds.
 */
export const PUBLISH_COST_MS = SECOND;

/**
 * The allowance that a quiet connection saves up, as time at the rates above. It is enough to resume a hundred channels and read four
 * pages of history in each. A flooding connection gets this much, too, before it is refused. Milliseconds.
 */
export const BURST_MS = 10 * SECOND;

/** Enough for the tabs and devices of one person. A token with many more has leaked. Connections. */
export const CONNECTIONS_PER_USER = 100;

/** A token's `channels`, as JSON. They come with every event, and API Gateway takes 8 KB from an authorizer (AU-4). Bytes. */
export const GRANTS_BYTES = 4 * KB;

/** A token's `info`, as JSON. The server stores it with every subscription and sends it to every member. Bytes. */
export const INFO_BYTES = KB;

/** A user id as its issuer writes it. Escaped for a channel name, it may be longer, and is limited again. Characters. */
export const USER_LENGTH = 158;

/** One request to the HTTP API is one invocation, which has to end within the integration timeout. Channels and users. */
export const CHANNELS_PER_REQUEST = 100;

/** A client names its HTTP session. Without a token, the name is the only secret, so it has to be long enough to be random. Characters. */
export const SESSION_LENGTH_MIN = 16;

/** Enough for any random id. Characters. */
export const SESSION_LENGTH_MAX = 64;

/** How long the server holds a poll open. Proxies cut a response that is silent for 30 s. Seconds. */
export const POLL_WAIT_SECONDS = 20;

/** The most frames of one poll. The next poll names them in its URL, and a URL of 2 KB passes everywhere. Frames. */
export const FRAMES_PER_POLL = 100;

/**
 * The most bytes of one poll, unless it has a single frame. Lambda returns at most 6 MB; this is half of what the rate limit allows
 * at once. Bytes.
 */
export const POLL_BYTES = 1024 * KB;

/** An HTTP session ends when its client has neither polled nor streamed for this long. Milliseconds. */
export const HTTP_SESSION_LEASE_MS = 2 * MINUTE;

/**
 * How many HTTP sessions without a token one source address may have open by default: enough for the tabs of a household. Each open
 * stream occupies one execution of a function. Sessions.
 */
export const SESSIONS_PER_ADDRESS = 10;

/** The window in which openings of sessions without a token are counted. Milliseconds. */
export const OPENINGS_WINDOW_MS = 10 * SECOND;

/**
 * How many sessions without a token a stage opens in one window: enough for two hundred visitors who return at once. Each opening
 * writes about seven items. Sessions.
 */
export const OPENINGS_PER_WINDOW = 200;

/**
 * How many openings one address has in one window, for each session that it may have open. So one address cannot use up the openings of
 * the stage. Openings.
 */
export const OPENINGS_PER_SESSION = 3;

/**
 * A stream without a token ends when its client has sent nothing for this long, because Lambda does not tell a function that its reader
 * has left. A client that is still there opens it again and resumes. Milliseconds.
 */
export const QUIET_ANONYMOUS_STREAM_MS = 2 * MINUTE;

/** The same for a stream with a token; a user has at most 100. The client library pings earlier. Milliseconds. */
export const QUIET_STREAM_MS = 5 * MINUTE;
