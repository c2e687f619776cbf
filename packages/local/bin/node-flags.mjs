/** How Node.js runs the local runtime: `npx fanfare-local`, `npm start` and what is measured are the same. */

/** There is a heap for each environment: with helper threads for each, collecting waits for cores that others need. */
export const NODE_FLAGS = ['--single-threaded-gc'];
