/** The limits of a frame as numbers only, so that the build puts them in the place of their names. */

/** The most that an id adds to a command: `"id":`, 16 digits, and a comma. Bytes. */
export const ID_BYTES = 22;

/**
 * No frame has room for a command with a longer channel name: a character takes at most 6 bytes of JSON. The server refuses much shorter
 * names. Characters.
 */
export const LONGEST_CHANNEL = 5_000;
