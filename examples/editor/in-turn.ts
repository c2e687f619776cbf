/** Sends one thing at a time and five in a second at most, so that what changes meanwhile goes out together. */

/** Each time costs a message to everyone in the document. Milliseconds. */
const EVERY_MS = 200;

/** @returns what asks for `send`: it runs now, or, if it runs already, once more afterwards. Ends with the first failure of `send`. */
export function inTurn(send: () => Promise<unknown>): () => Promise<void> {
  let isWanted = false;
  let isRunning = false;
  return async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    while (isWanted) {
      isWanted = false;
      await send();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    isRunning = false;
  };
}
