import type { Family } from "@bunraku/checkpoints";
import type { ModuleTensors } from "./module-tensors.ts";

/** Beginnings of names that only one of the systems has. */
const marks: Readonly<Record<Family, readonly string[]>> = {
  fomm: ["kp_detector kp.", "kp_detector jacobian.", "generator first.", "generator dense_motion_network."],
  "monkey-net": [
    "kp_detector predictor.decoder.conv.",
    "generator appearance_encoder.",
    "generator dense_motion_module.",
  ],
};

/** Which system the tensors of a checkpoint belong to. Successors of FOMM that have none of its modules are neither. */
export function familyOfTensors(modules: ModuleTensors): Family | undefined {
  const score = (family: Family) =>
    marks[family].filter((mark) => {
      const [module, start] = mark.split(" ") as [string, string];
      return modules.get(module)?.some(({ name }) => name.startsWith(start));
    }).length;
  const [fomm, monkeyNet] = [score("fomm"), score("monkey-net")];
  if (fomm === monkeyNet) return undefined;
  return fomm > monkeyNet ? "fomm" : "monkey-net";
}
