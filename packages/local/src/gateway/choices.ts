/** What this emulator does where nobody has published what AWS does: named, overridable, and never to be taken for AWS. */

export interface Choices {
  /** The status of a handshake whose `$connect` takes too long (HS-5). */
  readonly connectTimeoutStatus: number;
  /** A request for the stage that is no upgrade (HS-9). */
  readonly plainRequestStatus: number;
  /** A path that is not exactly the stage (HS-9). */
  readonly wrongPathStatus: number;
  /** An authorizer's result over the quota of 8 KB (AU-4). */
  readonly largeAuthorizerResultStatus: number;
  /** What the client is told instead of a reply over 128 KB (PR-9). */
  readonly largeReplyMessage: string;
  /** What the client is told about a message that is throttled (ER-1). */
  readonly throttledMessage: string;
  /** A post that is no UTF-8 text (LM-8). */
  readonly invalidTextStatus: number;
  /** Whether ping frames of the client keep a connection open (KA-3). */
  readonly pingsKeepOpen: boolean;
  /** Posts to a client that has left so much unread are answered 429 (MG-10). Bytes. */
  readonly sendBufferBytes: number;
  /** Delays concurrent posts by chance, repeatably by this number, so that nobody relies on their order (OR-3). */
  readonly shufflePosts: number | undefined;
}

export const DEFAULT_CHOICES: Choices = {
  connectTimeoutStatus: 504,
  plainRequestStatus: 426,
  wrongPathStatus: 403,
  largeAuthorizerResultStatus: 500,
  largeReplyMessage: 'Internal server error',
  throttledMessage: 'Too Many Requests',
  invalidTextStatus: 400,
  // The pessimistic one shows broken clients.
  pingsKeepOpen: false,
  sendBufferBytes: 1024 * 1024,
  shufflePosts: undefined,
};
