import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { Progress, progressLine } from "./progress.ts";

function onTerminal(columns?: number) {
  let text = "";
  const stderr = { write: (more: string) => (text += more), isTTY: true, ...(columns !== undefined && { columns }) };
  const io = { stdout: stderr, stderr, stdin: Readable.from([]), signal: new AbortController().signal };
  return { progress: new Progress(io, {}), lines: () => text.split("\r\u001b[2K").slice(1) };
}

test("progress says what is done, how far, how fast and how long", () => {
  expect(progressLine("rendering", 12, 240, 31.25)).toBe("rendering: frame 12/240  31.3 fps  0:07 left");
  expect(progressLine("detecting", 3, undefined, 10)).toBe("detecting: frame 3  10.0 fps");
});

test("more frames than were expected have no end in sight", () => {
  expect(progressLine("rendering", 73, 72, 10)).toBe("rendering: frame 73  10.0 fps");
});

test("a second pass counts its own frames", () => {
  const { progress, lines } = onTerminal();
  for (const pass of ["detecting", "rendering"]) {
    progress.begin(pass, 2);
    progress.step();
  }
  expect(lines().map((line) => line.replace(/ {2}.*/, ""))).toEqual([
    "detecting …",
    "detecting: frame 1/2",
    "rendering …",
    "rendering: frame 1/2",
  ]);
});

test("a rate is that of the pass", async () => {
  const { progress } = onTerminal();
  progress.begin("detecting", undefined);
  for (let i = 0; i < 1e6; i++) progress.step();
  progress.begin("rendering", undefined);
  progress.step();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(progress.rate).toBeLessThan(1000);
});

test("a line is no wider than the terminal; one that does not know its width has 80 columns", () => {
  for (const [columns, width] of [
    [20, 19],
    [0, 79],
    [undefined, 79],
  ] as const) {
    const { progress, lines } = onTerminal(columns);
    progress.stage("x".repeat(200));
    expect(lines()[0]).toHaveLength(width);
  }
});

test("the end takes the line away, once", () => {
  const { progress, lines } = onTerminal();
  progress.end();
  expect(lines()).toEqual([]);
  progress.begin("rendering", 5);
  progress.end();
  expect(lines()).toEqual(["rendering …", ""]);
});
