/** Runs a task again when it was asked for meanwhile, and never twice at once. */

/** @param task Does not throw. */
export function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isWanted = false;
  const runWhileWanted = async () => {
    while (isWanted) {
      isWanted = false;
      await task();
    }
    running = undefined;
  };
  return () => {
    isWanted = true;
    running ??= runWhileWanted();
    return running;
  };
}
