import type { Graph } from "@bunraku/backends/onnx";
import type { Architecture } from "../models/architecture.ts";

/** How keypoints of two pictures become the inputs that a frame graph has, in sentences for whoever runs it elsewhere. */
export function stepsOf(architecture: Architecture, { inputs }: Graph): string[] {
  const reads = (name: string) => inputs.some((input) => input.name === name);
  const given = reads("image") ? "on the source as image, and on what source.onnx gave" : "on what source.onnx gave";
  if (!reads("driving")) return ["Run source.onnx on the source.", `Run frame.onnx ${given}.`];
  const steps = [
    "Run detector.onnx on the source, on the first driving frame, and on each driving frame; run source.onnx on the source.",
    "source is the points of the source. Relative movement: driving = points of the frame - points of the first frame + source. Absolute: driving = points of the frame.",
  ];
  if (reads("jacobians"))
    steps.push(
      architecture.hasJacobians
        ? "jacobians, per keypoint: relative, J(first) · inverse(J(frame)); absolute, J(source) · inverse(J(frame))."
        : "jacobians are identities.",
    );
  if (reads("drivingPrecisions")) steps.push(...precisionSteps(architecture));
  if (reads("anchors")) steps.push("Without a spline, anchors = source and spline = 0.");
  return [...steps, `Run frame.onnx on these, ${given}, for every driving frame.`];
}

function precisionSteps({ keypointVariance, clipVariance }: Architecture): string[] {
  const both = "sourcePrecisions and drivingPrecisions, per keypoint,";
  const of = "of the source and of the frame";
  if (typeof keypointVariance === "number") return [`${both} are identities times ${1 / keypointVariance}.`];
  if (keypointVariance === "single")
    return [`${both} are identities divided by the mean of the covariance's diagonal, ${of}.`];
  const inverse = `${both} are the inverses of the covariances ${of}.`;
  if (clipVariance === undefined) return [inverse];
  const clip = `Where a covariance's smallest singular value is below ${clipVariance}, scale the whole matrix so that it is ${clipVariance}.`;
  return [clip, inverse];
}
