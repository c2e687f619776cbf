/** The answers of this emulator in cases in which AWS has not published its own. Each has a name and can be overridden. */

export interface Choices {
  /** The status of a handshake whose `$connect` takes too long (HS-5). */
  readonly connectTimeoutStatus: number;
  /** The status of a request for the stage that is not an upgrade (HS-9). */
  readonly plainRequestStatus: number;
  /** The status of a path that is not the stage (HS-9). */
  readonly wrongPathStatus: number;
  /** The status when an authorizer's result is larger than 8 KB (AU-4). */
  readonly largeAuthorizerResultStatus: number;
  /** The message in place of a reply that is larger than 128 KB (PR-9). */
  readonly largeReplyMessage: string;
  /** The message for a throttled message (ER-1). */
  readonly throttledMessage: string;
  /** The status of a post that is not UTF-8 text (LM-8). */
  readonly invalidTextStatus: number;
  /** Whether ping frames of the client keep a connection open (KA-3). */
  readonly pingsKeepOpen: boolean;
  /** A post is answered 429 if the client has left more than this unread (MG-10). Bytes. */
  readonly sendBufferBytes: number;
  /** A seed for random delays of concurrent posts, whose order AWS does not guarantee (OR-3). `undefined`: no delays. */
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
  // With the pessimistic choice, broken clients show.
  pingsKeepOpen: false,
  sendBufferBytes: 1024 * 1024,
  shufflePosts: undefined,
};
