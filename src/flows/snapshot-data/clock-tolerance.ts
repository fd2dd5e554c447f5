/** How far the clocks of CloudTower and of a cluster may differ, and how far each may jump, in ms. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;
