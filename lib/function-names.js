/** Which functions have a fixed name, and who has to know it. CloudFormation names the others. */
/**
 * A fixed name is in the way of a second creation if the function is still there. These functions are deleted with their
 * stack and when its creation fails, so none stays behind.
 */
const onEveryStage = {
    deliver: 'It starts itself, and a resource of a template cannot refer to itself.',
    farewell: 'It is started by `presence` and by `release`, to which it hands what failed: references both ways are a cycle.',
    'publish-event': 'Rules of other stacks have it as their target, and can be deployed before this stack.',
};
/** Where there is no stack whose outputs could be read. */
const onFixedStages = {
    revoke: '`npm run revoke` invokes it.',
    fallback: 'Its URL on the local runtime has its name.',
};
export function functionNameOf(name, stackName, { names }) {
    const reasons = names === 'fixed' ? { ...onEveryStage, ...onFixedStages } : onEveryStage;
    return reasons[name] === undefined ? undefined : `${stackName}-${name}`;
}
