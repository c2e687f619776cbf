/** Runs a task at most once at a time. A request that comes while it runs makes it run once more. */

/** @param task It must not throw. */
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
