/** The name of a stage's stack. The few fixed names in the stack begin with it (`function-names.ts`). */

export function stackNameOf(stage: string): string {
  return `Fanfare-${stage}`;
}
