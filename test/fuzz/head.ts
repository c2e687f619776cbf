/** The log that all tables of the fuzz tests describe. */

/** The newest number of every channel: positions are chosen around it. */
export const HEAD = 1_700_000_000_000;
