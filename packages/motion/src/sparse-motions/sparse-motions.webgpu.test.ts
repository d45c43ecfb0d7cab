import { tensor } from "@bunraku/backends";
import { compareTensors, noise, testKernel } from "@bunraku/backends/testing";
import { testDevice } from "@bunraku/backends/testing/device";
import { runKernel } from "@bunraku/backends/webgpu";
import { expect, test } from "vitest";
import { backends } from "../testing/backends.ts";
import { sparseMotions } from "./sparse-motions.ts";
import { sparseMotionsKernel } from "./sparse-motions.webgpu.ts";

const device = await testDevice();
testKernel(sparseMotionsKernel, { device, backends });

const cases = [
  { count: 3, size: { height: 7, width: 5 }, terms: [] },
  { count: 3, size: { height: 7, width: 5 }, terms: ["jacobians"] },
  { count: 10, size: { height: 13, width: 16 }, terms: ["jacobians"] },
  { count: 1, size: { height: 6, width: 6 }, terms: ["jacobians", "anchors"] },
  { count: 3, size: { height: 1, width: 4 }, terms: ["spline"] },
  { count: 4, size: { height: 5, width: 5 }, terms: ["anchors", "spline"] },
  { count: 10, size: { height: 13, width: 16 }, terms: ["jacobians", "anchors", "spline"] },
] as const;

test.skipIf(!device).each(cases)("agrees with the definition, %o", async ({ count, size, terms }) => {
  const [source, driving] = [noise([count, 2], 1), noise([count, 2], 2)];
  driving.data.set([-1, -1]); // the centre of a pixel, where the logarithm of the thin plate has no end
  const all = {
    jacobians: noise([count, 2, 2], 3, [-3, 3]),
    anchors: noise([count, 2], 4),
    spline: noise([count, count, 2], 5, [-0.5, 0.5]),
  };
  const of = (term: keyof typeof all) => (terms as readonly string[]).includes(term);
  const [jacobians, anchors, spline] = (["jacobians", "anchors", "spline"] as const).map((term) =>
    of(term) ? all[term] : undefined,
  );
  const options = { ...(anchors && { anchors }), ...(spline && { spline }) };
  const wanted = sparseMotions(source, driving, jacobians, size, options);
  const inputs = [source, driving, jacobians, anchors, spline];
  const [got] = await runKernel(device!, sparseMotionsKernel, inputs, [wanted.dims]);
  const { maxAbsError } = compareTensors(tensor("float32", got!, wanted.dims), wanted);
  expect(maxAbsError).toBeLessThan(1e-5);
});
