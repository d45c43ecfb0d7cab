import { expect, test } from "vitest";
import { fnv1a, proceduralImage, proceduralTensor } from "./procedural.ts";

// Anchors of spec, appendix G.
test("procedural weights are those of the golden fixtures", () => {
  expect(fnv1a("generator/first.conv.weight")).toBe(3186568809);
  const { data } = proceduralTensor("generator", "first.conv.weight", [64, 3, 7, 7]);
  for (const [i, value] of [0.18504865, 0.11983685, -0.10640271].entries()) expect(data[i]).toBeCloseTo(value, 7);
  expect(data[9407]).toBeCloseTo(0.19918962, 7);
  const variance = proceduralTensor("generator", "first.norm.running_var", [64]).data;
  expect(variance[0]).toBeCloseTo(1.2277176, 6);
  expect(variance[63]).toBeCloseTo(1.079797, 6);
});

test("procedural images are those of the golden fixtures", () => {
  const { data } = proceduralImage({ height: 256, width: 256 }, 2);
  const at = (c: number) => data[(c * 256 + 100) * 256 + 200];
  expect(at(0)).toBeCloseTo(0.47231424, 6);
  expect(at(1)).toBeCloseTo(0.27866098, 6);
  expect(at(2)).toBeCloseTo(0.77423406, 6);
});
