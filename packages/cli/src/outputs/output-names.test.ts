import fc from "fast-check";
import { expect, test } from "vitest";
import { outputNames } from "./output-names.ts";

test("{name} is the source's name without folder and ending, wherever it stands and however often", () => {
  expect(outputNames("out/{name}/{name}.mp4", ["faces/anna.b.jpg", "otto.png"])).toEqual([
    "out/anna.b/anna.b.mp4",
    "out/otto/otto.mp4",
  ]);
});

test("one source needs no {name}, and may have it", () => {
  expect(outputNames("moving.mp4", ["a.png"])).toEqual(["moving.mp4"]);
  expect(outputNames("{name}-moving.gif", ["x/a.png"])).toEqual(["a-moving.gif"]);
});

test("several sources without {name} are refused, with an example", () => {
  expect(() => outputNames("out.mp4", ["a.png", "b.png"])).toThrow(
    '-o must hold {name} for 2 sources, which stands for the name of each, got out.mp4. For example: -o "{name}.mp4".',
  );
});

test("two sources with one name are refused, in whatever case they are written", () => {
  const message = "a/Anna.png and b/anna.jpg would both be written to anna.mp4. Rename one, or animate it on its own.";
  expect(() => outputNames("{name}.mp4", ["a/Anna.png", "b/anna.jpg"])).toThrow(message);
});

test("a source's name is taken as it is: signs that mean something to replacements mean nothing here", () => {
  const name = fc.stringMatching(/^[a-z$&`'0-9]{1,8}$/);
  fc.assert(
    fc.property(name, (own) => {
      expect(outputNames("to/{name}.mp4", [`from/${own}.png`])).toEqual([`to/${own}.mp4`]);
    }),
  );
});
