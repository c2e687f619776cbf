/** Which pieces of work were begun, and by which invocation: Lambda may start an asynchronous invocation twice. */

type Claim = 'new' | 'passed on' | "another's";

export interface ClaimStore {
  /** Takes a piece of work for one invocation and its retries. Tells whether it is theirs, and how far they came before. */
  claim(piece: string, owner: string): Promise<Claim>;
  /** Notes that the work after this piece was started. */
  passOn(piece: string): Promise<void>;
}
