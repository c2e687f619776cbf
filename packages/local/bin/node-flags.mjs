/** The flags with which Node.js runs the local runtime: the same for `npx fanfare-local`, `npm start` and the benchmarks. */

/** There is a heap for each environment: with helper threads for each, collecting waits for cores that others need. */
export const NODE_FLAGS = ['--single-threaded-gc'];
