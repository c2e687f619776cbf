/** The data of a user that no command here can reach: what it is, how long it stays, and who ends it. */

export interface Unreached {
  readonly what: string;
  readonly until: string;
  readonly by: string;
}

export const unreached: readonly Unreached[] = [
  {
    what: 'Backups to a point in time of the tables channels, messages, values and revocations, with all that was erased',
    until: '35 days after the erasure',
    by: 'DynamoDB',
  },
  {
    what: 'Records of the tables with a stream, with the old images of what was erased',
    until: '24 hours',
    by: 'DynamoDB',
  },
  {
    what: 'Deliveries that wait in the queue of Lambda, and events that EventBridge could not hand over, with frames',
    until: '15 minutes, and 24 hours',
    by: 'Lambda, and EventBridge',
  },
  {
    what: 'Logs: connection ids, channel names (that of an inbox has the user), source addresses; no content',
    until: "the stage's `logRetention`: a week in `dev`, three months in `prod`",
    by: 'CloudWatch',
  },
  {
    what: 'Logs of your own handlers and actions',
    until: "the stage's `logRetention`",
    by: 'CloudWatch, or you',
  },
  {
    what: 'Events that other services have received, and what your webhooks and consumers did with them',
    until: 'as long as they keep it',
    by: 'you',
  },
  { what: 'What clients have stored or show', until: 'as long as they keep it', by: 'the clients' },
  {
    what: 'The user in the words of others: messages, values and `info` that mention or quote the user',
    until: "the namespace's `history` and `values`",
    by: 'you',
  },
  {
    what: "Names of channels that contain the user's id, such as `chat:ann-bob`, and of others' values",
    until: 'for ever for channels with a history',
    by: 'you: do not put ids of people into names',
  },
  {
    what: 'Messages without an author, which your servers and actions published about the user or for the user',
    until: "the namespace's `history`",
    by: 'you',
  },
  {
    what: 'Answers of your own actions that were called with a key, and hashes of the retry keys',
    until: '10 minutes',
    by: 'DynamoDB',
  },
  { what: 'Tables of your own', until: 'as you decide', by: 'you' },
  {
    what: 'Tables that an earlier stack of the stage has left behind, copies, and exports',
    until: 'until you delete them',
    by: 'you',
  },
];
