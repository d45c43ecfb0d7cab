import { faceMeshFlips } from "./face-mesh-mirror.ts";
import { along, type LandmarkLayout, numbersOf, range } from "./landmark-layout.ts";

const oval = numbersOf(
  "10 109 67 103 54 21 162 127 234 93 132 58 172 136 150 149 176 148 152 377 400 378 379 365 397 288 361 323 454 356 389 251 284 332 297 338",
);
const rightEye = numbersOf("33 246 161 160 159 158 157 173 133 155 154 153 145 144 163 7");
const rightBrow = numbersOf("70 63 105 66 107 55 65 52 53 46");
const outerLips = numbersOf("61 185 40 39 37 0 267 269 270 409 291 375 321 405 314 17 84 181 91 146");
const innerLips = numbersOf("78 191 80 81 82 13 312 311 310 415 308 324 318 402 317 14 87 178 88 95");
const bridge = numbersOf("168 6 197 195 5 4 1 19 94 2");
const nostrils = numbersOf("98 97 2 326 327");
const mirrored = (points: readonly number[]) => points.map((point) => faceMeshFlips[point]!);

const parts = {
  jaw: oval.slice(oval.indexOf(234), oval.indexOf(454) + 1),
  oval,
  rightBrow,
  leftBrow: mirrored(rightBrow),
  nose: [...bridge, ...nostrils.filter((point) => !bridge.includes(point))],
  rightEye,
  leftEye: mirrored(rightEye),
  mouth: [...outerLips, ...innerLips],
  outerLips,
  innerLips,
};

type MeshPart = keyof typeof parts;

const edges = [
  ...along(oval, true),
  ...along(rightBrow, true),
  ...along(parts.leftBrow, true),
  ...along(bridge),
  ...along(nostrils),
  ...along(rightEye, true),
  ...along(parts.leftEye, true),
  ...along(outerLips, true),
  ...along(innerLips, true),
];

/** MediaPipe's face mesh. Points are numbered; `parts` has the lines that have names. */
export const faceMesh468: LandmarkLayout<MeshPart> = {
  name: "faceMesh468",
  count: 468,
  parts,
  edges,
  flips: faceMeshFlips,
  third: "depth",
};

/** The face mesh with irises: a centre and four points around it for the right, then for the left eye. */
export const faceMesh478: LandmarkLayout<MeshPart | "rightPupil" | "leftPupil" | "rightIris" | "leftIris"> = {
  name: "faceMesh478",
  count: 478,
  parts: { ...parts, rightPupil: [468], leftPupil: [473], rightIris: range(469, 472), leftIris: range(474, 477) },
  edges: [...edges, ...along(range(469, 472), true), ...along(range(474, 477), true)],
  // Around both irises the order is that of the picture: right, top, left, bottom.
  flips: [...faceMeshFlips, 473, 476, 475, 474, 477, 468, 471, 470, 469, 472],
  third: "depth",
};
