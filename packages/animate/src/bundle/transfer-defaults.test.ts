import { type CheckpointConfig, officialConfigs } from "@bunraku/checkpoints";
import { expect, test } from "vitest";
import { transferDefaults } from "./transfer-defaults.ts";

test("of the official configurations moving-gif alone moves absolutely; all others are as transferMotion is", () => {
  const unusual = officialConfigs.flatMap((config) => {
    const transfer = transferDefaults(config);
    return transfer ? [[config.name, transfer]] : [];
  });
  expect(unusual).toEqual([["moving-gif", { movement: "absolute" }]]);
});

const config = (family: CheckpointConfig["family"], params: Record<string, unknown>) =>
  ({ family, modelParams: {}, [family === "fomm" ? "animateParams" : "transferParams"]: params }) as CheckpointConfig;

test("upstream's flags are said in our words", () => {
  const flags = { use_relative_movement: false, use_relative_jacobian: false, adapt_movement_scale: true };
  expect(transferDefaults(config("fomm", { normalization_params: flags }))).toEqual({
    movement: "absolute",
    relativeJacobians: false,
    adaptScale: true,
  });
  const monkey = { move_location: false, movement_mult: true, clip_mean: true, adapt_variance: true };
  expect(transferDefaults(config("monkey-net", { normalization_params: monkey }))).toEqual({
    movement: "absolute",
    adaptScale: true,
    keepInside: true,
    adaptCovariances: true,
  });
});

test("what is absent or no flag says nothing", () => {
  expect(transferDefaults(config("fomm", {}))).toBeUndefined();
  expect(transferDefaults(config("monkey-net", { normalization_params: { move_location: "yes" } }))).toBeUndefined();
});
