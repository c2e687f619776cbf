/** What a stage's stack is called: the names of its secret and of the functions that are called by name follow from it. */

export function stackNameOf(stage: string): string {
  return `Fanfare-${stage}`;
}
