import { type BodyPart, halpe26 } from "./body.ts";
import { type FacePart, face68 } from "./face.ts";
import { along, type Edge, type LandmarkLayout, range } from "./landmark-layout.ts";

const faceAt = 26;
const leftHandAt = faceAt + 68;
const rightHandAt = leftHandAt + 21;

const handNames = [
  "Wrist",
  ...["Thumb", "Index", "Middle", "Ring", "Little"].flatMap((finger) => range(1, 4).map((i) => `${finger}${i}`)),
];
const shifted = (edges: readonly Edge[], by: number) => edges.map(([from, to]): Edge => [from + by, to + by]);
const handEdges = range(0, 4).flatMap((finger) => along([0, ...range(4 * finger + 1, 4 * finger + 4)]));

const faceParts = Object.fromEntries(
  Object.entries(face68.parts).map(([part, points]) => [part, points.map((point) => point + faceAt)]),
) as Record<FacePart, number[]>;

/** Halpe's whole body: 26 points of the body, 68 of the face, 21 of the left and 21 of the right hand. */
export const halpe136: LandmarkLayout<BodyPart | FacePart | "leftHand" | "rightHand"> = {
  name: "halpe136",
  count: rightHandAt + 21,
  names: [
    ...halpe26.names!,
    ...face68.names!.map((name) => `face.${name}`),
    ...handNames.map((name) => `leftHand${name}`),
    ...handNames.map((name) => `rightHand${name}`),
  ],
  parts: {
    ...halpe26.parts,
    ...faceParts,
    leftHand: range(leftHandAt, rightHandAt - 1),
    rightHand: range(rightHandAt, rightHandAt + 20),
  },
  edges: [
    ...halpe26.edges,
    ...shifted(face68.edges, faceAt),
    ...shifted(handEdges, leftHandAt),
    ...shifted(handEdges, rightHandAt),
  ],
  flips: [
    ...halpe26.flips,
    ...face68.flips.map((point) => point + faceAt),
    ...range(rightHandAt, rightHandAt + 20),
    ...range(leftHandAt, rightHandAt - 1),
  ],
  third: "confidence",
};
