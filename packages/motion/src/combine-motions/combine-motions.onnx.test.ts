import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { combineMotionsOnnx } from "./combine-motions.onnx.ts";
import { combineMotions } from "./combine-motions.ts";

describe.each(backends)("on %s", (_, open) => {
  test.each([
    [4, 7, 5],
    [2, 6, 6],
    [4, 1, 3],
  ])("the form agrees with the definition, %d motions of %d × %d", async (count, height, width) => {
    await using backend = await open();
    const feeds = {
      motions: noise([count, height, width, 2], 1, [-3, 3]),
      masks: noise([1, count, height, width], 2, [0, 1]),
    };
    const got = await runPiece(backend, (g, { motions, masks }) => combineMotionsOnnx(g, motions, masks), feeds);
    expect(compareTensors(got, combineMotions(feeds.motions, feeds.masks)).maxAbsError).toBeLessThan(1e-5);
  });
});
