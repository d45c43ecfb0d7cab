import { expect, test } from "vitest";
import { stateDictTable } from "../../../../fixtures/state-dict-table.ts";
import { configsThatFit } from "../inspection/configs-that-fit.ts";
import { configOfTensors } from "./config-of-tensors.ts";

/** What openCheckpoint reads: no discriminator. */
const networks = (fixture: string) =>
  new Map([...stateDictTable(fixture)].filter(([name]) => name === "generator" || name === "kp_detector"));

test("where all configurations that fit are one network, it is that one", () => {
  for (const fixture of ["fomm_vox256", "fomm_mgif256", "monkey_moving_gif"]) {
    const { family, fits, differences } = configsThatFit(networks(fixture));
    expect([fits.length > 0, differences]).toEqual([true, []]);
    expect(configOfTensors(networks(fixture), "a.pth.tar")).toMatchObject({ family });
  }
});

test("where those that fit differ, they are named, and how", () => {
  const { fits, differences } = configsThatFit(networks("monkey_vox"));
  expect(differences.length).toBeGreaterThan(0);
  expect(() => configOfTensors(networks("monkey_vox"), "vox.pth.tar")).toThrow(
    `vox.pth.tar: its tensors fit ${fits.join(", ")}, which differ in ${differences.join(", ")}; name the one it was trained with.`,
  );
});

test("where none fits, the way out is the yaml file", () => {
  const tiny = networks("fomm_tiny");
  expect(() => configOfTensors(tiny, "tiny.pth.tar")).toThrow(
    "tiny.pth.tar: no official configuration has its tensors. Give the yaml file it was trained with.",
  );
  expect(() => configOfTensors(new Map(), "other.pth")).toThrow(
    expect.objectContaining({ code: "MODEL", message: expect.stringContaining("neither a first-order model nor a") }),
  );
});
