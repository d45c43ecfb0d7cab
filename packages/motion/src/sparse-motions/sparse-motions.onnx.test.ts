import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { sparseMotionsOnnx } from "./sparse-motions.onnx.ts";
import { sparseMotions } from "./sparse-motions.ts";

const cases = [
  { count: 3, size: { height: 7, width: 5 } },
  { count: 1, size: { height: 6, width: 6 } },
  { count: 3, size: { height: 1, width: 4 } },
];

describe.each(backends)("on %s", (_, open) => {
  test("the form agrees with the definition, with jacobians", async () => {
    await using backend = await open();
    for (const { count, size } of cases) {
      const feeds = { s: noise([count, 2], 1), d: noise([count, 2], 2), j: noise([count, 2, 2], 3, [-3, 3]) };
      const got = await runPiece(backend, (g, { s, d, j }) => sparseMotionsOnnx(g, s, d, j, size), feeds);
      expect(compareTensors(got, sparseMotions(feeds.s, feeds.d, feeds.j, size)).maxAbsError).toBeLessThan(1e-5);
    }
  });

  test("the form agrees with the definition, without jacobians", async () => {
    await using backend = await open();
    for (const { count, size } of cases) {
      const feeds = { s: noise([count, 2], 1), d: noise([count, 2], 2) };
      const got = await runPiece(backend, (g, { s, d }) => sparseMotionsOnnx(g, s, d, undefined, size), feeds);
      expect(compareTensors(got, sparseMotions(feeds.s, feeds.d, undefined, size)).maxAbsError).toBeLessThan(1e-5);
    }
  });
});
