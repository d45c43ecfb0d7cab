import { tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { blendWeightsOnnx } from "./blend-weights.onnx.ts";
import { blendWeights } from "./blend-weights.ts";

describe.each(backends)("on %s", (_, open) => {
  test.each([
    { size: [9, 14], map: [4, 5] },
    { size: [64, 80], map: [16, 24] }, // windows of five pixels
    { size: [33, 12], map: [33, 12] },
  ] as const)("the form agrees with the definition, %o", async ({ size: [height, width], map }) => {
    await using backend = await open();
    const feeds = {
      warped: noise([1, 3, height, width], 1, [0, 0.6]),
      generated: noise([1, 3, height, width], 2, [0, 1]),
      occlusion: noise([1, 1, ...map], 3, [0, 1]),
    };
    const got = await runPiece(
      backend,
      (g, { warped, generated, occlusion }) => blendWeightsOnnx(g, warped, generated, occlusion),
      feeds,
    );
    const { weights } = blendWeights(feeds.warped, feeds.generated, feeds.occlusion);
    expect(compareTensors(got, tensor("float32", weights, [1, 1, height, width])).maxAbsError).toBeLessThan(1e-5);
  });

  test("without an occlusion map it goes by difference alone", async () => {
    await using backend = await open();
    const feeds = { warped: noise([1, 3, 12, 10], 1, [0, 0.5]), generated: noise([1, 3, 12, 10], 2, [0, 1]) };
    const got = await runPiece(backend, (g, { warped, generated }) => blendWeightsOnnx(g, warped, generated), feeds);
    const { weights } = blendWeights(feeds.warped, feeds.generated, undefined);
    expect(compareTensors(got, tensor("float32", weights, [1, 1, 12, 10])).maxAbsError).toBeLessThan(1e-5);
  });
});
