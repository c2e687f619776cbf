/** What a stage's stack is called: the few fixed names in it begin with its name (`function-names.ts`). */
export function stackNameOf(stage) {
    return `Fanfare-${stage}`;
}
