import { expect, test } from "vitest";
import { chooseJobs } from "./choose-jobs.ts";

const gigabytes = (count: number) => count * 2 ** 30;
const desktop = { cores: 8, memory: gigabytes(64) };

test.each([
  [{}, desktop, { jobs: 1 }],
  [{ threads: 3 }, desktop, { jobs: 1, threads: 3 }],
  [{ jobs: "auto" }, desktop, { jobs: 8, threads: 1 }],
  [{ jobs: "auto" }, { cores: 8, memory: gigabytes(16) }, { jobs: 4, threads: 2 }],
  [{ jobs: "auto" }, { cores: 8, memory: gigabytes(3) }, { jobs: 1 }],
  [{ jobs: "auto" }, { cores: 1, memory: gigabytes(64) }, { jobs: 1 }],
  [{ jobs: "auto", threads: 2 }, desktop, { jobs: 2, threads: 1 }],
  [{ jobs: "auto", threads: 1 }, desktop, { jobs: 1, threads: 1 }],
  [{ jobs: "auto", backend: "webgpu" }, desktop, { jobs: 1 }],
  [{ jobs: 3 }, desktop, { jobs: 3, threads: 2 }],
  [{ jobs: 16 }, desktop, { jobs: 16, threads: 1 }],
  [{ jobs: 2, threads: 6, backend: "ort-web" }, desktop, { jobs: 2, threads: 3 }],
  [{ jobs: 1, backend: "webgpu" }, desktop, { jobs: 1 }],
] as const)("%j on %j is %j", (choice, machine, wanted) => {
  expect(chooseJobs(choice, machine)).toEqual(wanted);
});

test.each(["webgpu", "reference", "auto"] as const)("several jobs are refused for %s", (backend) => {
  expect(() => chooseJobs({ backend, jobs: 2 }, desktop)).toThrow(
    expect.objectContaining({ code: "OPTION", message: expect.stringContaining("--jobs is for ort-node and ort-web") }),
  );
});
