import { compareTensors } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { identityGrid } from "../../identity-grid/identity-grid.ts";
import { smoothFlow, uniformFlow } from "../../testing/flows.ts";
import { flowFromPixels, flowToPixels } from "../conversions/conversions.ts";
import { scaleFlow } from "./scale-flow.ts";

const size = { height: 9, width: 17 };

test("a displacement times a factor: half of (4, -2) is (2, -1), and -1 turns it around", () => {
  const flow = flowFromPixels(uniformFlow(size, 4, -2));
  expect(flowToPixels(scaleFlow(flow, 0.5)).data).toEqual(uniformFlow(size, 2, -1).data);
  expect(flowToPixels(scaleFlow(flow, -1)).data).toEqual(uniformFlow(size, -4, 2).data);
});

test("0 is the identity, 1 the flow itself, and what was passed is not changed", () => {
  const flow = smoothFlow(size, 5, 0.4);
  const before = flow.data.slice();
  expect(compareTensors(scaleFlow(flow, 0), identityGrid(size)).maxAbsError).toBe(0);
  expect(compareTensors(scaleFlow(flow, 1), flow).maxAbsError).toBe(0);
  expect(flow.data).toEqual(before);
});

test("a factor that is not finite is refused", () => {
  expect(() => scaleFlow(identityGrid(size), Infinity)).toThrow("scaleFlow: expected a finite factor, got Infinity.");
});
