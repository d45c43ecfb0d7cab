import { createMonkeyNetDetector, precisionsOf } from "@bunraku/keypoints";
import { monkeyNetDetectorGraph } from "@bunraku/keypoints/onnx";
import type { Architecture } from "../architecture.ts";
import { monkeyNetTensorSpecs, parseMonkeyNetConfig } from "./monkey-net-config.ts";
import { monkeyNetFrameRule } from "./monkey-net-frame-rule.ts";
import { monkeyNetFrameGraph, monkeyNetSourceGraph } from "./monkey-net-graphs.ts";

/** A Monkey-Net by its `model_params`. @throws `MODEL`, `UNSUPPORTED` */
export function monkeyNetArchitecture(modelParams: unknown): Architecture {
  const config = parseMonkeyNetConfig(modelParams);
  const { keypointVariance, clipVariance } = config.detector;
  const fixed = typeof keypointVariance === "number" ? keypointVariance : undefined;
  return {
    family: "monkey-net",
    numKeypoints: config.detector.numKeypoints,
    hasJacobians: false,
    hasMotion: config.denseMotion !== undefined,
    keypointVariance,
    ...(keypointVariance === "matrix" && clipVariance !== undefined && { clipVariance }),
    precisionsOf: (keypoints) => precisionsOf(keypoints, fixed),
    specs: monkeyNetTensorSpecs(config),
    frames: monkeyNetFrameRule(config),
    createDetector: (backend, weights, size, options) =>
      createMonkeyNetDetector(backend, config.detector, weights, size, options),
    detectorGraph: (weights, size) => monkeyNetDetectorGraph(config.detector, weights, size),
    sourceGraph: (weights, size) => monkeyNetSourceGraph(config, weights, size),
    frameGraph: (weights, { size, ...options }) => monkeyNetFrameGraph(config, weights, size, options),
  };
}
