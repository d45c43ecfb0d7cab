import { tensor } from "@bunraku/backends";
import { compareTensors, noise } from "@bunraku/backends/testing";
import { gaussianHeatmaps } from "@bunraku/keypoints";
import fc from "fast-check";
import { expect, test } from "vitest";
import { closedFormMasks } from "./closed-form-masks.ts";

const floats = (values: readonly number[], dims: readonly number[]) =>
  tensor("float32", Float32Array.from(values), dims);

/** The masks of one pixel. */
const sharesAt = (masks: ReturnType<typeof closedFormMasks>, i: number) => {
  const plane = masks.dims[2] * masks.dims[3];
  return Array.from({ length: masks.dims[1] }, (_, k) => masks.data[k * plane + i]!);
};

test("masks are shares: at every pixel they sum to one, whatever the keypoints, variances and background", () => {
  const sigma = fc.double({ min: 0.004, max: 2, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(sigma, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(0, 1e-40, 1e-6, 0.1, 3),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (keypoints, background, height, width) => {
        const masks = closedFormMasks(
          noise([keypoints.length, 2], 7, [-1.5, 1.5]),
          { height, width },
          {
            variance: keypoints.map(([each]) => each * each),
            background,
            confidences: floats(
              keypoints.map(([, confidence]) => confidence),
              [keypoints.length],
            ),
          },
        );
        expect(masks.dims).toEqual([1, keypoints.length + 1, height, width]);
        for (let i = 0; i < height * width; i++) {
          const shares = sharesAt(masks, i);
          expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(2e-6);
          for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
        }
      },
    ),
  );
});

test("against a background of one, a mask's ratio to it is the gaussian of the models' heatmaps", () => {
  const points = noise([3, 2], 1);
  const size = { height: 5, width: 7 };
  const masks = closedFormMasks(points, size, { variance: 0.05, background: 1 });
  const ratios = tensor(
    "float32",
    Float32Array.from({ length: 3 * 35 }, (_, i) => masks.data[35 + i]! / masks.data[i % 35]!),
    [1, 3, 5, 7],
  );
  expect(compareTensors(ratios, gaussianHeatmaps(points, size, { variance: 0.05 })).maxAbsError).toBeLessThan(1e-6);
});

test("a keypoint of confidence 0 has no say, as if it were not there, and is nobody's neighbour", () => {
  const size = { height: 6, width: 5 };
  const points = noise([7, 2], 2);
  const six = tensor("float32", points.data.slice(2), [6, 2]);
  const without = closedFormMasks(six, size);
  const masks = closedFormMasks(points, size, { confidences: floats([0, 1, 1, 1, 1, 1, 1], [7]) });
  expect(masks.data.subarray(0, 30)).toEqual(without.data.subarray(0, 30));
  expect(masks.data.subarray(30, 60)).toEqual(new Float32Array(30));
  expect(masks.data.subarray(60)).toEqual(without.data.subarray(30));
});

test("half the confidence is half the weight", () => {
  const masks = closedFormMasks(
    floats([0, 0, 0, 0], [2, 2]),
    { height: 1, width: 1 },
    {
      variance: 1,
      background: 0.5,
      confidences: floats([1, 0.5], [2]),
    },
  );
  expect([...masks.data]).toEqual([0.25, 0.5, 0.25]);
});

test.each([0, 0.1])("without any confidence all is background, of weight %d too", (background) => {
  const masks = closedFormMasks(
    noise([2, 2], 1),
    { height: 3, width: 3 },
    {
      background,
      confidences: floats([0, 0], [2]),
    },
  );
  expect([...masks.data]).toEqual([...new Array(9).fill(1), ...new Array(18).fill(0)]);
});

test("far from all keypoints the background has all, and without one the nearest keypoint has", () => {
  const points = floats([-1, -1, -0.5, -1], [2, 2]);
  const size = { height: 3, width: 3 };
  const [background] = sharesAt(closedFormMasks(points, size, { variance: 1e-3 }), 8);
  expect(background).toBe(1);
  expect(sharesAt(closedFormMasks(points, size, { variance: 1e-3, background: 0 }), 8)).toEqual([0, 0, 1]);
});

test("far away, ratios are those that the gaussians have where numbers can hold them", () => {
  // At x = 1 both are exp(-2000) and less: their ratio is exp(-(2² - 1.99²) / (2 · 0.001)).
  const points = floats([-1, 0, -0.99, 0], [2, 2]);
  const masks = closedFormMasks(points, { height: 1, width: 2 }, { variance: 1e-3, background: 0 });
  const [, first, second] = sharesAt(masks, 1);
  const offset = Math.fround(-0.99);
  expect(Math.log(first! / second!)).toBeCloseTo(-(4 - (1 - offset) ** 2) / 2e-3, 3);
});

test("nearest is the distance of the fourth nearest keypoint, or of the farthest of fewer", () => {
  const size = { height: 1, width: 3 };
  // On a line, 0.05 apart: from the first, the fourth nearest is at 0.2; from the middle one, at 0.1.
  const line = floats(
    [0, 0.05, 0.1, 0.15, 0.2].flatMap((x) => [x, 0]),
    [5, 2],
  );
  const variance = [0.2, 0.15, 0.1, 0.15, 0.2].map((x) => x ** 2);
  expect(
    compareTensors(closedFormMasks(line, size), closedFormMasks(line, size, { variance })).maxAbsError,
  ).toBeLessThan(1e-6);
  const two = floats([0, 0, 0.25, 0], [2, 2]);
  expect(closedFormMasks(two, size)).toEqual(closedFormMasks(two, size, { variance: 0.0625 }));
});

test("keypoints in one place, and one alone, have gaussians that numbers can hold", () => {
  const size = { height: 2, width: 2 };
  const same = floats(new Array(12).fill(0.5), [6, 2]);
  expect(closedFormMasks(same, size)).toEqual(closedFormMasks(same, size, { variance: (1 / 64) ** 2 }));
  const one = floats([0.5, 0.5], [1, 2]);
  expect(closedFormMasks(one, size)).toEqual(closedFormMasks(one, size, { variance: 0.35 ** 2 }));
});

test.each([
  [{ variance: 0 }, "closedFormMasks: a variance must be greater than 0, got 0."],
  [{ variance: Number.NaN }, "closedFormMasks: a variance must be greater than 0, got NaN."],
  [{ variance: [1] }, 'closedFormMasks: variance must be a number, one for each of 2 keypoints, or "nearest", got 1.'],
  [{ variance: "far" as "nearest" }, 'or "nearest", got "far".'],
  [{ background: -1 }, "closedFormMasks: background must be 0 or more, got -1."],
  [{ background: Number.NaN }, "closedFormMasks: background must be 0 or more, got NaN."],
  [{ confidences: noise([3]) }, "closedFormMasks confidences: expected [2], got [3]."],
])("%o is refused", (options, message) => {
  expect(() => closedFormMasks(noise([2, 2]), { height: 2, width: 2 }, options)).toThrow(message);
});
