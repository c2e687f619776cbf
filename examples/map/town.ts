/** A made-up town: its roads, on which the vehicles drive, and its parks and its river. Metres east and north of the centre. */

export type Place = readonly [east: number, north: number];

const EAST = 2_700;
const NORTH = 1_600;
export const SOUTH_WEST: Place = [-EAST, -NORTH];
export const NORTH_EAST: Place = [EAST, NORTH];

function line(steps: number, placeAt: (share: number) => Place): readonly Place[] {
  return Array.from({ length: steps + 1 }, (_, step) => placeAt(step / steps));
}

const ring = (radius: number, [east, north]: Place = [0, 0]) =>
  line(radius / 2, (share) => {
    const angle = 2 * Math.PI * share;
    const bent = radius * (1 + 0.08 * Math.sin(3 * angle));
    return [east + 1.2 * bent * Math.cos(angle), north + bent * Math.sin(angle)];
  });

/** How far a street is from the centre, on its way through the town. */
const bent = (away: number, share: number) => away + 70 * Math.sin(5 * share + away / 200);
const westEast = (away: number) => line(400, (share) => [EAST * (2 * share - 1), bent(away, share)]);
const southNorth = (away: number) => line(240, (share) => [bent(away, share), NORTH * (2 * share - 1)]);

/** A vehicle drives from one place of a road to the next one in a second. */
export const roads = [
  ring(600),
  ring(1_150),
  ...[-1_350, -900, -430, 60, 480, 920, 1_330].map(westEast),
  ...[-2_350, -1_880, -1_300, -760, -250, 320, 850, 1_420, 1_900, 2_400].map(southNorth),
];
export const river = line(60, (share) => [EAST * (3 * share - 1.5), 500 * Math.sin(6 * share) - 500 * share]);
export const parks = [
  ring(230, [-1_020, 680]),
  ring(180, [1_130, -240]),
  ring(200, [-500, -1_120]),
  ring(150, [1_650, 1_120]),
];
