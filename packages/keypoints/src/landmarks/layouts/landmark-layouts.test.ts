import { expect, test } from "vitest";
import { landmarkLayouts } from "./landmark-layouts.ts";

const all = Object.entries(landmarkLayouts);

test.each([
  ["body25", 25],
  ["coco17", 17],
  ["coco18", 18],
  ["face5", 5],
  ["face68", 68],
  ["face70", 70],
  ["faceMesh468", 468],
  ["faceMesh478", 478],
  ["halpe26", 26],
  ["halpe136", 136],
] as const)("%s has %d points", (name, count) => {
  const layout = landmarkLayouts[name];
  expect([layout.name, layout.count]).toEqual([name, count]);
});

test.each(all)("%s names each point once, and flips all of them", (_, { count, names, flips }) => {
  if (names) expect(new Set(names).size).toBe(count);
  expect(names?.length ?? count).toBe(count);
  expect([...flips].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(flips.map((point) => flips[point])).toEqual(Array.from({ length: count }, (_, i) => i));
});

test.each(all)("%s is the same in a mirror: right parts become left ones, edges become edges", (_, layout) => {
  const { parts, edges, flips, count } = layout;
  for (const [name, points] of Object.entries(parts)) {
    const other = name.replace(/^(right|left)/, (side) => (side === "right" ? "left" : "right"));
    const mirrored = new Set(points.map((point) => flips[point]));
    expect(mirrored, name).toEqual(new Set(parts[other as keyof typeof parts]));
  }
  const known = new Set(edges.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  for (const [a, b] of edges) {
    expect(Math.max(a, b)).toBeLessThan(count);
    expect(known, `${a} ${b}`).toContain(`${flips[a]} ${flips[b]}`);
  }
  expect(known.size).toBe(2 * edges.length);
});

test("landmarks that everybody knows are where they should be", () => {
  const { body25, coco18, face68, faceMesh468, faceMesh478, halpe136 } = landmarkLayouts;
  expect([body25.names![8], body25.names![24], coco18.names![1]]).toEqual(["hip", "rightHeel", "neck"]);
  expect([face68.flips[36], face68.flips[39], face68.flips[48], face68.flips[66]]).toEqual([45, 42, 54, 66]); // corners
  expect(face68.parts.nose).toContain(30);
  expect([33, 133, 61, 159, 468 - 14].map((point) => faceMesh468.flips[point])).toEqual([263, 362, 291, 386, 234]);
  expect(faceMesh468.flips.filter((point, i) => point === i)).toHaveLength(28);
  expect(faceMesh478.parts.rightPupil.map((point) => faceMesh478.flips[point])).toEqual(faceMesh478.parts.leftPupil);
  expect(halpe136.parts.jaw[0]).toBe(26);
  expect(halpe136.names!.indexOf("rightHandWrist")).toBe(115);
});
