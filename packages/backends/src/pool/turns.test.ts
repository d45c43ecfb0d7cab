import fc from "fast-check";
import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

test("jobs begin in call order, never two on one member, and as many at once as there are members", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 20 }),
      async (members, lengths) => {
        const turns = new Turns(Array.from({ length: members }, (_, i) => ({ busy: false, id: i })));
        const begun: number[] = [];
        let [now, most] = [0, 0];
        await Promise.all(
          lengths.map((length, i) =>
            turns.run(async (member) => {
              expect(member.busy).toBe(false);
              member.busy = true;
              begun.push(i);
              most = Math.max(most, ++now);
              for (let k = 0; k < length; k++) await tick();
              now--;
              member.busy = false;
            }),
          ),
        );
        expect(begun).toEqual(lengths.map((_, i) => i));
        if (lengths.slice(0, members).every((length) => length > 0))
          expect(most).toBe(Math.min(members, lengths.length));
      },
    ),
    { numRuns: 50 },
  );
});

test("an abort takes a waiting job out at once, and those behind it go on", async () => {
  const turns = new Turns(["only"]);
  const controller = new AbortController();
  let release = () => {};
  const first = turns.run(() => new Promise<void>((resolve) => (release = resolve)));
  let ran = false;
  const second = turns.run(async () => {
    ran = true;
  }, controller.signal);
  const third = turns.run(async (member) => member);
  controller.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  release();
  await first;
  expect([await third, ran]).toEqual(["only", false]);
});

test("a job that fails gives its member back", async () => {
  const turns = new Turns(["only"]);
  await expect(turns.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.run(async (member) => member)).toBe("only");
});

test("a signal that fired before is honoured, and takes no member", async () => {
  const turns = new Turns(["only"]);
  const signal = AbortSignal.abort(new Error("early"));
  await expect(turns.run(async () => 1, signal)).rejects.toThrow("early");
  expect(await turns.run(async (member) => member)).toBe("only");
});
