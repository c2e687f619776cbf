/** Which pieces of work were begun, and by which invocation: Lambda may start an asynchronous invocation twice. */

type Claim = 'new' | 'passed on' | "another's";

export interface ClaimStore {
  /** Claims a task for one invocation and its retries. Returns whether the task is theirs, and whether they have started the next one. */
  claim(piece: string, owner: string): Promise<Claim>;
  /** Notes that the work after this piece was started. */
  passOn(piece: string): Promise<void>;
}
