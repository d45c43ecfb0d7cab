import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { occludeOnnx } from "./occlude.onnx.ts";
import { occlude } from "./occlude.ts";

describe.each(backends)("on %s", (_, open) => {
  test.each([
    { features: [1, 3, 5, 7], occlusion: [1, 1, 5, 7] }, // same size
    { features: [1, 2, 8, 8], occlusion: [1, 1, 16, 16] },
    { features: [1, 4, 9, 6], occlusion: [1, 1, 4, 5] },
    { features: [1, 1, 3, 3], occlusion: [1, 1, 1, 1] },
  ])("the form agrees with the definition, $features by $occlusion", async (dims) => {
    await using backend = await open();
    const feeds = { features: noise(dims.features, 1), occlusion: noise(dims.occlusion, 2, [0, 1]) };
    const got = await runPiece(backend, (g, { features, occlusion }) => occludeOnnx(g, features, occlusion), feeds);
    expect(compareTensors(got, occlude(feeds.features, feeds.occlusion)).maxAbsError).toBeLessThan(1e-5);
  });
});
