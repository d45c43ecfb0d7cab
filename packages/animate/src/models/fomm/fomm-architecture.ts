import { createFommDetector } from "@bunraku/keypoints";
import { fommDetectorGraph } from "@bunraku/keypoints/onnx";
import type { Architecture } from "../architecture.ts";
import { fommFrameRule, fommTensorSpecs, parseFommConfig } from "./fomm-config.ts";
import { fommFrameGraph, fommSourceGraph } from "./fomm-graphs.ts";

/** A first-order model by its `model_params`. @throws `MODEL`, `UNSUPPORTED` */
export function fommArchitecture(modelParams: unknown): Architecture {
  const config = parseFommConfig(modelParams);
  return {
    family: "fomm",
    numKeypoints: config.detector.numKeypoints,
    hasJacobians: config.detector.estimateJacobian,
    hasMotion: config.denseMotion !== undefined,
    specs: fommTensorSpecs(config),
    frames: fommFrameRule(config),
    createDetector: (backend, weights, size, options) =>
      createFommDetector(backend, config.detector, weights, size, options),
    detectorGraph: (weights, size) => fommDetectorGraph(config.detector, weights, size),
    sourceGraph: (weights, size) => fommSourceGraph(config, weights, size),
    frameGraph: (weights, { size, ...options }) => fommFrameGraph(config, weights, size, options),
  };
}
