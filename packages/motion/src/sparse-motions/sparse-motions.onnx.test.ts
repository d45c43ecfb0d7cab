import { tensor } from "@bunraku/backends";
import { compareTensors, noise, runPiece } from "@bunraku/backends/testing";
import { describe, expect, test } from "vitest";
import { dialMotion } from "../dial-motion/dial-motion.ts";
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

  test("the form agrees with the definition, with splines: all terms, anchors alone and bends alone", async () => {
    await using backend = await open();
    for (const { count, size } of cases) {
      const feeds = {
        s: noise([count, 2], 1),
        d: noise([count, 2], 2),
        j: noise([count, 2, 2], 3),
        anchors: noise([count, 2], 4),
        spline: noise([count, count, 2], 5, [-0.5, 0.5]),
      };
      for (const names of [["anchors", "spline"], ["anchors"], ["spline"]] as const) {
        const terms = Object.fromEntries(names.map((name) => [name, feeds[name]]));
        const got = await runPiece(
          backend,
          (g, { s, d, j, ...values }) =>
            sparseMotionsOnnx(g, s, d, j, size, Object.fromEntries(names.map((name) => [name, values[name]]))),
          feeds,
        );
        expect(compareTensors(got, sparseMotions(feeds.s, feeds.d, feeds.j, size, terms)).maxAbsError).toBeLessThan(
          1e-5,
        );
      }
    }
  });

  test("a spline through keypoints is read at the source's places, and bends between them", async () => {
    await using backend = await open();
    // On the 5 × 5 grid, so that the keypoints are pixels.
    const source = { points: noise([4, 2], 6) };
    const driving = { points: tensor("float32", Float32Array.of(-1, -1, 0.5, -0.5, -0.5, 1, 1, 0.5), [4, 2]) };
    const { keypoints, jacobians, anchors, spline } = dialMotion(
      source,
      { keypoints: driving, warnings: [] },
      { order: "spline", stiffness: 0 },
    );
    const feeds = { s: source.points, d: keypoints.points, j: jacobians!, anchors: anchors!, spline: spline! };
    const size = { height: 5, width: 5 };
    const got = await runPiece(
      backend,
      (g, { s, d, j, anchors, spline }) => sparseMotionsOnnx(g, s, d, j, size, { anchors, spline }),
      feeds,
    );
    for (let k = 0; k < 4; k++) {
      for (let j = 0; j < 4; j++) {
        const [x, y] = [0, 1].map((axis) => 2 * (driving.points.data[2 * j + axis]! + 1));
        const at = 2 * ((k + 1) * 25 + y! * 5 + x!);
        expect(got.data[at]).toBeCloseTo(source.points.data[2 * j]!, 5);
        expect(got.data[at + 1]).toBeCloseTo(source.points.data[2 * j + 1]!, 5);
      }
    }
    const affine = sparseMotions(feeds.s, feeds.d, feeds.j, size, { anchors: feeds.anchors });
    expect(compareTensors(got, affine).maxAbsError).toBeGreaterThan(0.05);
  });
});
