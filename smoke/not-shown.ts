/** Errors by which the tools of a fact say that this stage cannot show it: the fact is skipped with their sentence. */

/** The stage lacks what the fact needs, such as a namespace or a token. */
export class NotShown extends Error {
  override readonly name = 'NotShown';
}

/** The stage has refused with a sentence. If the configuration has rules of the application, one of them may have said it. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
