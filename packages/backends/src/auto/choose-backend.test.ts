import { expect, test } from "vitest";
import type { Backend } from "../contract/backend.ts";
import type { BackendReport } from "../contract/report.ts";
import { ortNode } from "../ort-node/index.ts";
import { faultyBackend } from "../proof/faulty-backend.ts";
import { withReport } from "../proof/with-report.ts";
import { reference } from "../reference/index.ts";
import { mockBackend } from "../testing/mock-backend.ts";
import type { AutoCandidate } from "./candidate.ts";
import { chooseBackend } from "./choose-backend.ts";

const sound = () => ortNode({ threads: 1 });
const works = (name: string): AutoCandidate => ({ name, create: sound });
const throws = (name: string, message: string): AutoCandidate => ({
  name,
  create: () => Promise.reject(new Error(message)),
});
const nobody: AutoCandidate = { name: "nobody", create: () => expect.unreachable("it must not be asked") };
const reasonsOf = ({ report }: Backend) =>
  report!.candidates!.map(({ name, chosen, reason }) => [name, chosen, reason]);

/** Tells whether it was disposed. */
function watched(inner: Backend): Backend & { readonly disposed: Promise<void> } {
  let dispose = () => undefined as unknown;
  const disposed = new Promise<void>((resolve) => {
    dispose = () => resolve(undefined);
  });
  return {
    ...withReport(inner, inner.report ?? { runtime: "test 1", providers: [], precision: "float32", checks: [] }),
    disposed,
    async [Symbol.asyncDispose]() {
      await inner[Symbol.asyncDispose]();
      dispose();
    },
  };
}

test("the first that works is taken, and every candidate has its reason", async () => {
  const missing: AutoCandidate = { name: "cuda", unavailable: () => "There is no driver", create: nobody.create };
  await using backend = await chooseBackend(
    [missing, throws("webgpu", "There is no adapter.\n  at requestAdapter"), works("ort-node"), nobody],
    {},
  );
  expect(backend.name).toBe("ort-node");
  expect(reasonsOf(backend)).toEqual([
    ["cuda", false, "There is no driver."],
    ["webgpu", false, "There is no adapter."],
    ["ort-node", true, expect.stringMatching(/^It works, and gave the right answers to all \d+ checks\.$/)],
    ["nobody", false, "It was not tried: ort-node works."],
  ]);
  expect(backend.report!.checks.length).toBeGreaterThan(25);
  expect(backend.report!.checks.every(({ pass }) => pass)).toBe(true);
});

test("a candidate with wrong numbers is passed over with the check that failed, and let go", async () => {
  const wrong = watched(faultyBackend(await sound(), { op: "Conv", offset: 1e-2 }));
  await using backend = await chooseBackend([{ name: "wrong", create: async () => wrong }, works("ort-node")], {});
  expect(reasonsOf(backend)[0]).toEqual([
    "wrong",
    false,
    expect.stringMatching(
      /^The check "conv, batch normalization, relu" failed: it differs by 0\.010 \(allowed: 0\.0001\); \d more checks failed\.$/,
    ),
  ]);
  await wrong.disposed;
});

test("a candidate that never comes, or never answers, is given up, and let go when it comes", async () => {
  let come = (_: Backend) => undefined as unknown;
  const late = new Promise<Backend>((resolve) => {
    come = resolve;
  });
  const hanging = mockBackend({ answer: () => new Promise<never>(() => undefined) });
  await using backend = await chooseBackend(
    [
      { name: "never", create: () => late },
      { name: "silent", create: async () => hanging },
      { name: "reference", create: () => reference(), proves: true },
    ],
    { limit: 30 },
  );
  expect(reasonsOf(backend)).toEqual([
    ["never", false, "there was no answer within 30 ms."],
    [
      "silent",
      false,
      expect.stringMatching(
        /^The check "conv, batch normalization, relu" failed: there was no answer within 30 ms; \d+ more checks failed\.$/,
      ),
    ],
    ["reference", true, "It works, and gave the right answers."],
  ]);
  const comes = watched(mockBackend());
  come(comes);
  await comes.disposed;
});

test("preferred candidates are tried first, in their order", async () => {
  await using backend = await chooseBackend([works("a"), throws("b", "no"), throws("c", "not today")], {
    prefer: ["c", "b"],
  });
  expect(backend.report!.candidates!.map(({ name }) => name)).toEqual(["c", "b", "a"]);
});

test("a preferred name that is nobody's is refused with those there are", async () => {
  await expect(chooseBackend([works("a"), works("b")], { prefer: ["c"] })).rejects.toThrow(
    expect.objectContaining({ code: "OPTION", message: 'auto: prefer must name candidates, got "c"; there are a, b.' }),
  );
});

test("when none works, every reason is told", async () => {
  await expect(chooseBackend([throws("a", "no a."), throws("b", "no b")], {})).rejects.toThrow(
    expect.objectContaining({
      code: "BACKEND_UNAVAILABLE",
      message: "auto: no backend works here. a: no a. b: no b.",
    }),
  );
  await expect(chooseBackend([], {})).rejects.toThrow("There are no candidates.");
});

test("an abort is thrown as it is, and no other candidate is tried", async () => {
  const controller = new AbortController();
  const slow: AutoCandidate = {
    name: "slow",
    create: () => {
      setTimeout(() => controller.abort(new Error("enough")), 10);
      return new Promise<never>(() => undefined);
    },
  };
  await expect(chooseBackend([slow, nobody], { signal: controller.signal })).rejects.toThrow("enough");
});

test("a backend that proves itself when it is made is not asked again", async () => {
  const backend = mockBackend();
  const chosen = await chooseBackend([{ name: "webgpu", proves: true, create: async () => backend }], {});
  expect(backend.runs).toEqual([]);
  expect(reasonsOf(chosen)).toEqual([["webgpu", true, "It works, and gave the right answers."]]);
});

test("the report stays the one that its backend goes on writing, where there is one", async () => {
  const report: BackendReport = { runtime: "test 1", providers: ["gpu"], precision: "float32", checks: [] };
  const live = withReport(mockBackend(), report);
  const candidate = (backend: Backend) => [{ name: "x", proves: true, create: async () => backend }];
  expect(await chooseBackend(candidate(live), {})).toBe(live);
  expect(report.candidates).toHaveLength(1);
  const frozen = withReport(mockBackend(), Object.freeze({ ...report, candidates: [] }));
  const chosen = await chooseBackend(candidate(frozen), {});
  expect(chosen.report).toMatchObject({ runtime: "test 1", candidates: [{ name: "x", chosen: true }] });
  const bare = await chooseBackend(candidate(mockBackend({ name: "bare" })), {});
  expect(bare.report).toMatchObject({ runtime: "bare", candidates: [{ name: "x", chosen: true }] });
});
