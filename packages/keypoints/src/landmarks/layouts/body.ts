import { flipsOf, type LandmarkLayout, pairsOf } from "./landmark-layout.ts";

export type BodyPart = "head" | "torso" | "rightArm" | "leftArm" | "rightLeg" | "leftLeg";

const cocoNames =
  "nose leftEye rightEye leftEar rightEar leftShoulder rightShoulder leftElbow rightElbow leftWrist rightWrist leftHip rightHip leftKnee rightKnee leftAnkle rightAnkle";

/** COCO's 17 points: AlphaPose's default, and that of most body detectors. */
export const coco17: LandmarkLayout<BodyPart> = body(
  "coco17",
  cocoNames,
  "0 1, 0 2, 1 3, 2 4, 5 6, 5 7, 7 9, 6 8, 8 10, 5 11, 6 12, 11 12, 11 13, 13 15, 12 14, 14 16",
);

/** OpenPose's COCO model, also AlphaPose's `cmu` and `open` formats: COCO's points in another order, and the neck. */
export const coco18: LandmarkLayout<BodyPart> = body(
  "coco18",
  "nose neck rightShoulder rightElbow rightWrist leftShoulder leftElbow leftWrist rightHip rightKnee rightAnkle leftHip leftKnee leftAnkle rightEye leftEye rightEar leftEar",
  "1 2, 2 3, 3 4, 1 5, 5 6, 6 7, 1 8, 8 9, 9 10, 1 11, 11 12, 12 13, 1 0, 0 14, 14 16, 0 15, 15 17",
);

/** OpenPose's BODY_25, its default. */
export const body25: LandmarkLayout<BodyPart> = body(
  "body25",
  "nose neck rightShoulder rightElbow rightWrist leftShoulder leftElbow leftWrist hip rightHip rightKnee rightAnkle leftHip leftKnee leftAnkle rightEye leftEye rightEar leftEar leftBigToe leftSmallToe leftHeel rightBigToe rightSmallToe rightHeel",
  "1 8, 1 2, 2 3, 3 4, 1 5, 5 6, 6 7, 8 9, 9 10, 10 11, 8 12, 12 13, 13 14, 1 0, 0 15, 15 17, 0 16, 16 18, 14 19, 19 20, 14 21, 11 22, 22 23, 11 24",
);

/** Halpe's 26 points: COCO's 17, then head, neck, hip and feet. */
export const halpe26: LandmarkLayout<BodyPart> = body(
  "halpe26",
  `${cocoNames} head neck hip leftBigToe rightBigToe leftSmallToe rightSmallToe leftHeel rightHeel`,
  "0 1, 0 2, 1 3, 2 4, 5 18, 6 18, 5 7, 7 9, 6 8, 8 10, 17 18, 18 19, 19 11, 19 12, 11 13, 13 15, 12 14, 14 16, 15 20, 15 24, 16 21, 16 25, 20 22, 21 23",
);

function body(name: string, nameList: string, edges: string): LandmarkLayout<BodyPart> {
  const names = nameList.split(" ");
  const pick = (...wanted: string[]) => wanted.map((part) => names.indexOf(part)).filter((point) => point >= 0);
  return {
    name,
    count: names.length,
    names,
    parts: {
      head: pick("head", "nose", "rightEye", "leftEye", "rightEar", "leftEar"),
      torso: pick("neck", "rightShoulder", "rightHip", "hip", "leftHip", "leftShoulder"),
      rightArm: pick("rightShoulder", "rightElbow", "rightWrist"),
      leftArm: pick("leftShoulder", "leftElbow", "leftWrist"),
      rightLeg: pick("rightHip", "rightKnee", "rightAnkle", "rightHeel", "rightBigToe", "rightSmallToe"),
      leftLeg: pick("leftHip", "leftKnee", "leftAnkle", "leftHeel", "leftBigToe", "leftSmallToe"),
    },
    edges: pairsOf(edges),
    flips: flipsOf(names),
    third: "confidence",
  };
}
