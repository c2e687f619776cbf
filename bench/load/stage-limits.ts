/** The limits of a stage with four fifths of 10,000 requests a second and of 1,000 executions; a test compares them with `lib/settings`. */

export const stageLimits = {
  postsPerSecond: 4_000,
  connectsPerSecond: 250,
  commandsPerSecond: 2_750,
  pingsPerSecond: 600,
  workers: 48,
  farewells: 24,
  batchesPerShard: 10,
} as const;
