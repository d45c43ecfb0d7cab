import { join } from "node:path";
import { expect, test } from "vitest";
import { beginModel } from "./begin-model.ts";

const { signal } = new AbortController();

test("a model that was begun is ready when it is waited for", async () => {
  await using begun = beginModel({ threads: 1 }, signal);
  const { model, backend, bundle } = await begun.ready();
  expect(model.size).toEqual({ height: 64, width: 64 });
  expect(backend.report!.checks.every(({ pass }) => pass)).toBe(true);
  expect(backend.report!.checks.length).toBeGreaterThan(0); // it proved itself, as ever
  expect(bundle.manifest.name).toBe("heads-v0");
  expect((await begun.ready()).model).toBe(model);
});

test("a model that nobody waits for is given up, and so is one that is there", async () => {
  const early = beginModel({ threads: 1 }, signal);
  await early[Symbol.asyncDispose]();
  await expect(early.ready()).rejects.toThrow("not wanted any more");

  const late = beginModel({ threads: 1 }, signal);
  const { backend } = await late.ready();
  await late[Symbol.asyncDispose]();
  await expect(backend.load(new Uint8Array())).rejects.toMatchObject({ code: "DISPOSED" });
});

test("what goes wrong is told to whoever waits, and to nobody else", async () => {
  await using missing = beginModel({ model: join("no", "such", "model"), threads: 1 }, signal);
  await new Promise((resolve) => setTimeout(resolve, 100)); // a rejection that nobody hears would end the test
  await expect(missing.ready()).rejects.toMatchObject({ code: "FILE" });
  await using threads = beginModel({ backend: "reference", threads: 2 }, signal);
  await expect(threads.ready()).rejects.toMatchObject({ code: "OPTION" });
});

test("an interruption reaches it", async () => {
  const interruption = new AbortController();
  await using begun = beginModel({ threads: 1 }, interruption.signal);
  interruption.abort(new Error("enough"));
  await expect(begun.ready()).rejects.toThrow("enough");
});
