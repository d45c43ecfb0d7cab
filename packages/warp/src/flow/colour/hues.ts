/**
 * How many hues lie between two pure colours: more where the eye tells more apart (Baker et al. 2007; 55 in all).
 * Each arc starts at a pure colour and moves one channel to the next one.
 */
const arcs: readonly { start: readonly [number, number, number]; channel: number; hues: number }[] = [
  { start: [255, 0, 0], channel: 1, hues: 15 }, // red to yellow
  { start: [255, 255, 0], channel: 0, hues: 6 }, // to green
  { start: [0, 255, 0], channel: 2, hues: 4 }, // to cyan
  { start: [0, 255, 255], channel: 1, hues: 11 }, // to blue
  { start: [0, 0, 255], channel: 0, hues: 13 }, // to magenta
  { start: [255, 0, 255], channel: 2, hues: 6 }, // back to red
];

/** The hues of the wheel in RGB bytes, `[55, 3]`: the channel that moves takes whole steps, rounded down. */
export function wheelHues(): Uint8Array {
  const hues: number[] = [];
  for (const { start, channel, hues: count } of arcs) {
    for (let i = 0; i < count; i++) {
      const step = Math.floor((255 * i) / count);
      for (let c = 0; c < 3; c++) hues.push(c !== channel ? start[c]! : start[c]! === 0 ? step : 255 - step);
    }
  }
  return Uint8Array.from(hues);
}

/**
 * Writes the colour of a displacement as four bytes, opaque.
 *
 * The direction chooses between two neighbouring hues, the first to the right, then down, left and up. From the first
 * hue to the last is a full turn, as in Middlebury's program, so that there is a faint seam to the right. White at 0, the
 * pure hue at length 1, three quarters of its brightness beyond. Bytes are rounded down, as there.
 *
 * @param hues `wheelHues()`
 * @param u in units of the largest length to be shown
 */
export function paintDisplacement(hues: Uint8Array, u: number, v: number, into: Uint8ClampedArray, at: number): void {
  const count = hues.length / 3;
  const length = Math.hypot(u, v);
  // Turned half around, so that the cut of atan2 is to the right; adding 0 makes a zero of -0, which atan2 tells apart.
  const turn = (Math.atan2(-(v + 0), -(u + 0)) / Math.PI + 1) / 2;
  const place = turn * (count - 1);
  const hue = Math.floor(place);
  const next = (hue + 1) % count;
  const share = place - hue;
  for (let c = 0; c < 3; c++) {
    const pure = (1 - share) * hues[3 * hue + c]! + share * hues[3 * next + c]!;
    into[at + c] = Math.floor(length <= 1 ? 255 - length * (255 - pure) : 0.75 * pure);
  }
  into[at + 3] = 255;
}
