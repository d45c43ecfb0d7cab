import { landmarkLayouts } from "@bunraku/keypoints/landmarks";

// The driver: OpenPose's 70 face points in space, on a head that turns, nods, speaks and smiles. It was written for this
// example, so that nobody's face had to be tracked. make-driving.ts wrote driving.jsonl with it.

type Place = readonly [x: number, y: number, z: number];

const { flips, parts, count } = landmarkLayouts.face70;

/** First point and places of each row: the person's right half and the middle. */
const rows: readonly (readonly [number, readonly Place[]])[] = [
  [
    0,
    [
      [-1, -0.15, -0.55],
      [-0.98, 0.13, -0.5],
      [-0.94, 0.4, -0.45],
      [-0.86, 0.66, -0.37],
      [-0.74, 0.88, -0.25],
    ],
  ],
  [
    5,
    [
      [-0.57, 1.05, -0.1],
      [-0.37, 1.17, 0.03],
      [-0.17, 1.24, 0.12],
      [0, 1.27, 0.16],
    ],
  ],
  [
    17,
    [
      [-0.8, -0.42, 0.15],
      [-0.66, -0.53, 0.3],
      [-0.49, -0.56, 0.4],
      [-0.32, -0.53, 0.46],
      [-0.17, -0.46, 0.5],
    ],
  ],
  [
    27,
    [
      [0, -0.27, 0.52],
      [0, -0.08, 0.62],
      [0, 0.11, 0.74],
      [0, 0.3, 0.86],
    ],
  ],
  [
    31,
    [
      [-0.22, 0.42, 0.5],
      [-0.11, 0.46, 0.58],
      [0, 0.48, 0.64],
    ],
  ],
  [
    36,
    [
      [-0.63, -0.25, 0.25],
      [-0.52, -0.32, 0.36],
      [-0.38, -0.32, 0.38],
      [-0.27, -0.23, 0.36],
    ],
  ],
  [
    40,
    [
      [-0.38, -0.19, 0.38],
      [-0.52, -0.19, 0.35],
    ],
  ],
  [
    48,
    [
      [-0.38, 0.77, 0.4],
      [-0.24, 0.7, 0.52],
      [-0.09, 0.66, 0.6],
      [0, 0.68, 0.61],
    ],
  ],
  [
    57,
    [
      [0, 0.93, 0.59],
      [-0.11, 0.92, 0.58],
      [-0.25, 0.86, 0.52],
    ],
  ],
  [
    60,
    [
      [-0.32, 0.77, 0.45],
      [-0.1, 0.755, 0.56],
      [0, 0.76, 0.57],
    ],
  ],
  [
    66,
    [
      [0, 0.79, 0.57],
      [-0.1, 0.785, 0.56],
    ],
  ],
  [68, [[-0.45, -0.255, 0.37]]],
];

/** In half widths of a face: x to the right of the picture, y down, z towards the camera. */
const rest: readonly Place[] = (() => {
  const right = new Map(rows.flatMap(([first, places]) => places.map((place, i) => [first + i, place] as const)));
  return Array.from({ length: count }, (_, point): Place => {
    const [x, y, z] = right.get(point) ?? right.get(flips[point]!)!;
    return right.has(point) ? [x, y, z] : [-x, y, z];
  });
})();

/** What the head does at a moment. Angles in radians, the rest in [0, 1]. */
interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly jaw: number;
  readonly smile: number;
  readonly brows: number;
}

const bump = (t: number, middle: number, width: number) => Math.exp(-(((t - middle) / width) ** 2));

/** `t` goes from 0 to 1. The first pose is the face at rest, and the last comes back to it. */
function poseAt(t: number): Pose {
  const envelope = Math.sin(Math.PI * t) ** 0.5; // everything begins and ends at rest
  return {
    yaw: envelope * 0.2 * Math.sin(2 * Math.PI * t),
    pitch: envelope * 0.08 * Math.sin(4 * Math.PI * t),
    roll: envelope * 0.07 * Math.sin(2 * Math.PI * t + 0.6),
    jaw: 0.9 * bump(t, 0.16, 0.04) + 0.6 * bump(t, 0.27, 0.035) + bump(t, 0.62, 0.05) + 0.6 * bump(t, 0.74, 0.03),
    smile: bump(t, 0.44, 0.1),
    brows: bump(t, 0.62, 0.08),
  };
}

/** The head in a pose: its face first, then the head about the neck. */
function headIn(pose: Pose): Place[] {
  const moved = rest.map(([x, y, z], point): Place => {
    if (parts.rightBrow.includes(point) || parts.leftBrow.includes(point)) return [x, y - 0.12 * pose.brows, z];
    if (parts.mouth.includes(point)) {
      const lower = y > 0.775 ? 1 : 0;
      const corner = Math.abs(x) / 0.38;
      return [
        x * (1 + 0.18 * pose.smile - 0.12 * pose.jaw),
        y + 0.26 * pose.jaw * (lower + 0.35 * corner * (1 - lower)) - 0.1 * pose.smile * corner ** 2,
        z - 0.06 * pose.jaw * lower,
      ];
    }
    if (parts.jaw.includes(point)) return [x, y + 0.26 * pose.jaw * Math.max(0, (y - 0.4) / 0.87) ** 1.5, z];
    return [x, y, z];
  });
  const [sx, cx] = [Math.sin(pose.pitch), Math.cos(pose.pitch)];
  const [sy, cy] = [Math.sin(pose.yaw), Math.cos(pose.yaw)];
  const [sz, cz] = [Math.sin(pose.roll), Math.cos(pose.roll)];
  const [neckY, neckZ] = [1.1, -0.9];
  return moved.map(([x0, y0, z0]) => {
    const y1 = (y0 - neckY) * cx + (z0 - neckZ) * sx;
    const z1 = (z0 - neckZ) * cx - (y0 - neckY) * sx;
    const x2 = x0 * cy + z1 * sy;
    const z2 = z1 * cy - x0 * sy;
    return [x2 * cz - y1 * sz, x2 * sz + y1 * cz + neckY, z2 + neckZ];
  });
}

/** What OpenPose would write for one frame of a video of this head. */
export interface OpenPoseDocument {
  readonly version: number;
  readonly people: readonly { readonly face_keypoints_2d: readonly number[] }[];
}

/**
 * The head on a video of 640 × 480. Points on the far side of the jaw are not found while the head is turned away.
 *
 * @param t from 0 to 1
 */
export function talkingHead(t: number): OpenPoseDocument {
  const pose = poseAt(t);
  const distance = 7;
  const values = headIn(pose).flatMap(([x, y, z], point) => {
    const hidden = point < 3 ? pose.yaw < -0.15 : point > 13 && point < 17 && pose.yaw > 0.15;
    if (hidden) return [0, 0, 0];
    const pixels = (112 * distance) / (distance - z);
    return [round(320 + pixels * x, 2), round(215 + pixels * y, 2), 0.9];
  });
  return { version: 1.3, people: [{ face_keypoints_2d: values }] };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
