import { along, flipsOf, type LandmarkLayout, pairsOf, range } from "./landmark-layout.ts";

const faceParts = {
  jaw: range(0, 16),
  rightBrow: range(17, 21),
  leftBrow: range(22, 26),
  nose: range(27, 35),
  rightEye: range(36, 41),
  leftEye: range(42, 47),
  mouth: range(48, 67),
  outerLips: range(48, 59),
  innerLips: range(60, 67),
};

export type FacePart = keyof typeof faceParts;

const faceEdges = [
  ...along(faceParts.jaw),
  ...along(faceParts.rightBrow),
  ...along(faceParts.leftBrow),
  ...along(range(27, 30)),
  ...along(range(31, 35)),
  ...along(faceParts.rightEye, true),
  ...along(faceParts.leftEye, true),
  ...along(faceParts.outerLips, true),
  ...along(faceParts.innerLips, true),
];

const faceNames = (
  ["jaw", "rightBrow", "leftBrow", "nose", "rightEye", "leftEye", "outerLips", "innerLips"] as const
).flatMap((part) => faceParts[part].map((_, i) => `${part}${i}`));

// Lines run from the person's right to the left, except that eyes and lips are closed curves that start at their
// right corner (the left eye: at its inner one) and go over the top.
const faceFlips = [
  ...range(0, 16).reverse(),
  ...range(17, 26).reverse(),
  ...range(27, 30),
  ...range(31, 35).reverse(),
  ...[45, 44, 43, 42, 47, 46],
  ...[39, 38, 37, 36, 41, 40],
  ...range(48, 54).reverse(),
  ...range(55, 59).reverse(),
  ...range(60, 64).reverse(),
  ...range(65, 67).reverse(),
];

/** The 68 points of iBUG, dlib and face-alignment. */
export const face68: LandmarkLayout<FacePart> = {
  name: "face68",
  count: 68,
  names: faceNames,
  parts: faceParts,
  edges: faceEdges,
  flips: faceFlips,
  third: "depth",
};

/** OpenPose's face: the 68 points, then the pupils. */
export const face70: LandmarkLayout<FacePart | "rightPupil" | "leftPupil"> = {
  name: "face70",
  count: 70,
  names: [...faceNames, "rightPupil", "leftPupil"],
  parts: { ...faceParts, rightPupil: [68], leftPupil: [69] },
  edges: faceEdges,
  flips: [...faceFlips, 69, 68],
  third: "confidence",
};

const face5Names = ["rightEye", "leftEye", "nose", "rightMouth", "leftMouth"];

/** Five points, as YuNet of @bunraku/faces, RetinaFace and MTCNN order them: eyes, nose, corners of the mouth. */
export const face5: LandmarkLayout<"rightEye" | "leftEye" | "nose" | "mouth"> = {
  name: "face5",
  count: 5,
  names: face5Names,
  parts: { rightEye: [0], leftEye: [1], nose: [2], mouth: [3, 4] },
  edges: pairsOf("0 1, 0 2, 1 2, 2 3, 2 4, 3 4"),
  flips: flipsOf(face5Names),
  third: "confidence",
};
