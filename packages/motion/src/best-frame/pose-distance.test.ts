import type { Keypoints } from "@bunraku/keypoints";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keypointsFrom } from "../testing/moving-keypoints.ts";
import { poseDistance } from "./pose-distance.ts";

const square = [0, 0, 1, 0, 0, 1, 1, 1];
const turned = (points: readonly number[], angle: number) =>
  points.flatMap((value, i) =>
    i % 2 === 0
      ? [
          value * Math.cos(angle) - points[i + 1]! * Math.sin(angle),
          value * Math.sin(angle) + points[i + 1]! * Math.cos(angle),
        ]
      : [],
  );

test("it is zero for the same pose elsewhere and larger", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      (shift, scale) => {
        const source = keypointsFrom({ points: square, jacobians: [1, 2, 3, 4, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 2] });
        const moved = keypointsFrom({
          points: square.map((value) => shift + scale * value),
          jacobians: [...source.jacobians!.data].map((value) => scale * value),
        });
        expect(poseDistance(source, moved)!).toBeLessThan(1e-10);
      },
    ),
  );
});

test("one corner of four moved by half a side is a closed form", () => {
  const source = keypointsFrom({ points: [0, 0, 2, 0, 0, 2, 2, 2] });
  // Hull area stays 4 when (0, 0) goes to (1, 1)? No: it becomes 2, so scale is √4 against √2.
  const driving = keypointsFrom({ points: [1, 1, 2, 0, 0, 2, 2, 2] });
  const a = [-1, -1, 1, -1, -1, 1, 1, 1].map((value) => value / 2);
  const b = [1, 1, 2, 0, 0, 2, 2, 2].map((value) => (value - 1.25) / Math.sqrt(2));
  const wanted = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / 4;
  expect(poseDistance(source, driving)!).toBeCloseTo(wanted, 6);
});

test("it is the same from either side", () => {
  const source = keypointsFrom({ points: square, jacobians: Array(16).fill(0.5) });
  const driving = keypointsFrom({ points: [0, 0, 1, 0.5, 0, 1, 0.7, 1], jacobians: [...Array(15).fill(0), 1] });
  expect(poseDistance(source, driving)!).toBeCloseTo(poseDistance(driving, source)!, 12);
});

describe("jacobians", () => {
  const turn = (angle: number, size = 1) => {
    const [c, s] = [size * Math.cos(angle), size * Math.sin(angle)];
    return keypointsFrom({ points: [0, 0], jacobians: [c, -s, s, c] });
  };

  test("a turn counts its angle squared, at any size", () => {
    expect(poseDistance(turn(0), turn(0.1, 7), { jacobianWeight: 1 })!).toBeCloseTo(0.01, 4);
    expect(poseDistance(turn(0), turn(Math.PI), { jacobianWeight: 1 })!).toBeCloseTo(4, 6);
  });

  test("singular ones, and zeros, are compared like others", () => {
    const flat = keypointsFrom({ points: [0, 0], jacobians: [1, 0, 0, 0] });
    const none = keypointsFrom({ points: [0, 0], jacobians: [0, 0, 0, 0] });
    expect(poseDistance(flat, flat)).toBe(0);
    expect(poseDistance(flat, none, { jacobianWeight: 1 })!).toBeCloseTo(1, 12);
  });

  test("weight 0 leaves them out", () => {
    expect(poseDistance(turn(0), turn(1), { jacobianWeight: 0 })).toBe(0);
  });

  test("by default a turn in the plane counts about as much in jacobians as in points that fill a disc", () => {
    const disc: number[] = [];
    for (let y = -1; y <= 1; y += 0.1) for (let x = -1; x <= 1; x += 0.1) if (x * x + y * y <= 1) disc.push(x, y);
    const posed = (angle: number) => {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return keypointsFrom({
        points: turned(disc, angle),
        jacobians: disc.flatMap((_, i) => (i % 2 ? [] : [c, -s, s, c])),
      });
    };
    const points = poseDistance(posed(0), posed(0.2), { jacobianWeight: 0 })!;
    expect((poseDistance(posed(0), posed(0.2))! - points) / points).toBeCloseTo(1, 1);
  });
});

describe("where a hull has no area", () => {
  test("points on a line are scaled by their spread", () => {
    const line = keypointsFrom({ points: [0, 0, 0.1, 0.1, 0.4, 0.4] });
    const larger = keypointsFrom({ points: [0, 0, 0.2, 0.2, 0.8, 0.8].map((value) => value - 0.7) });
    expect(poseDistance(line, larger)!).toBeLessThan(1e-10);
    const other = keypointsFrom({ points: [0, 0, 0.2, 0.2, 0.4, 0.4] });
    expect(poseDistance(line, other)!).toBeGreaterThan(1e-3);
  });

  test("one on a line and one not are scaled alike, so that they can be compared", () => {
    const flat = keypointsFrom({ points: [0, 0, 1, 0, 2, 0] });
    const nearly = keypointsFrom({ points: [0, 0, 1, 0.01, 2, 0] });
    expect(poseDistance(flat, nearly)!).toBeLessThan(1e-4);
  });

  test("two points, one point and points in one place have distances", () => {
    const at = (...points: number[]) => keypointsFrom({ points });
    expect(poseDistance(at(0, 0, 1, 0), at(5, 5, 7, 5))!).toBeLessThan(1e-10);
    expect(poseDistance(at(0, 0), at(1, 1))).toBe(0);
    expect(poseDistance(at(0, 0, 0, 0, 0, 0), at(0, 0, 1, 0, 0, 1))!).toBeGreaterThan(0);
  });
});

describe("confidences", () => {
  const sure = (points: readonly number[], confidences: readonly number[]): Keypoints =>
    keypointsFrom({ points, confidences });

  test("a keypoint that was not found on either side does not count, wherever it is", () => {
    const source = sure([...square, 9, 9], [1, 1, 1, 1, 0]);
    const driving = sure([...square, -40, 3], [1, 1, 1, 1, 1]);
    expect(poseDistance(source, driving)!).toBeLessThan(1e-12);
    expect(poseDistance(driving, source)!).toBeLessThan(1e-12);
  });

  test("they may be known on one side only", () => {
    expect(poseDistance(keypointsFrom({ points: square }), sure(square, [1, 1, 1, 0]))!).toBeLessThan(1e-12);
  });

  test("an unsure difference counts less", () => {
    const moved = [...square.slice(0, 6), 1.5, 1.5];
    const at = (confidence: number) =>
      poseDistance(keypointsFrom({ points: square }), sure(moved, [1, 1, 1, confidence]))!;
    expect(at(0.2)).toBeLessThan(at(1));
  });

  test("nothing that is known on both sides is no distance", () => {
    expect(poseDistance(sure(square, [1, 1, 0, 0]), sure(square, [0, 0, 1, 1]))).toBeUndefined();
    expect(poseDistance(keypointsFrom({ points: [] }), keypointsFrom({ points: [] }))).toBeUndefined();
  });
});

test("keypoints that do not fit are refused", () => {
  const two = keypointsFrom({ points: [0, 0, 1, 1] });
  expect(() => poseDistance(keypointsFrom({ points: square }), two)).toThrow(
    "poseDistance driving: expected 4 keypoints with points [2], got 2 keypoints with points [2].",
  );
  expect(() => poseDistance(two, keypointsFrom({ points: [0, 0, Number.NaN, 1] }))).toThrow(
    "poseDistance driving: the point of keypoint 1 is not a finite number (NaN).",
  );
  expect(() => poseDistance(two, two, { jacobianWeight: -1 })).toThrow(
    "poseDistance jacobianWeight: expected a number of at least 0, got -1.",
  );
});
