/** The checks of the doors, and the shape of a mechanism: its sentence, its code and a test that shows it. */

/** The columns of the table, in the order in which a request meets them. */
export const checks = {
  host: 'Host',
  origin: 'Origin',
  size: 'Size',
  identity: 'Identity',
  expiry: 'Expiry',
  revocation: 'Revocation',
  connections: 'Connections',
  depth: 'Depth',
  rate: 'Rate',
  permission: 'Permission',
} as const;

export type Check = keyof typeof checks;

export interface Defence {
  /** One sentence that names the actor and the action. */
  readonly says: string;
  /** A file of the repository, and a word in it. */
  readonly code: readonly [file: string, word: string];
  /** A file below `test/`, and a part of the name of a test in it. */
  readonly test: readonly [file: string, name: string];
}
