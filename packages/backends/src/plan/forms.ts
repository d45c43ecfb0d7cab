import type { ConvForm } from "../onnx/passes/conv-forms/conv-form.ts";
import type { ConvSite } from "../onnx/passes/conv-forms/conv-site.ts";
import { kernelRows } from "../onnx/passes/kernel-rows/kernel-rows.ts";
import { polyphase } from "../onnx/passes/polyphase/polyphase.ts";
import type { TileSide } from "../onnx/passes/winograd/transforms.ts";
import { fitsWinograd, winograd } from "../onnx/passes/winograd/winograd.ts";

/** How a convolution may be written: as it is, from map to map, or from rows of pixels to rows. */
export type FormName = "plain" | "winograd2" | "winograd4" | "rows2" | "rows4" | "polyphase" | "kernel-rows";

/** Forms from map to map, by name. */
export const mapForms: Readonly<Partial<Record<FormName, ConvForm>>> = {
  winograd2: winograd(2),
  winograd4: winograd(4),
  polyphase,
  "kernel-rows": kernelRows,
};

/** Forms from rows to rows, by name. */
export const rowForms: Readonly<Partial<Record<FormName, TileSide>>> = { rows2: 2, rows4: 4 };

export const formNames: readonly FormName[] = [
  "plain",
  ...(Object.keys(mapForms) as FormName[]),
  ...(Object.keys(rowForms) as FormName[]),
];

/** Whether a convolution can be written in a form. */
export function fits(form: FormName, site: ConvSite): boolean {
  return form === "plain" || (rowForms[form] ? fitsWinograd(site) : (mapForms[form]?.fits(site) ?? false));
}
