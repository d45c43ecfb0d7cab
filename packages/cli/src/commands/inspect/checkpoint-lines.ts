import type { CheckpointInspection } from "@bunraku/animate";
import { printable } from "../../terminal/printable.ts";

/** What inspection says of a checkpoint, as lines for people. */
export function checkpointLines(file: string, found: CheckpointInspection): string {
  const { container, bytes, configs, comparison, alignCorners, frameSizes, nonFinite, notes } = found;
  const lines = [
    `${file}: ${container === "safetensors" ? "safetensors" : `checkpoint, ${container} container`}, ${size(bytes)}`,
    `family: ${comparison?.config.family ?? configs.family ?? "unknown"}`,
    ...fit(found),
    ...modules(found),
    ...differences(found),
    ...(nonFinite ? [`weights that are not finite: ${nonFinite.length === 0 ? "none" : ""}`, ...list(nonFinite)] : []),
    ...(frameSizes
      ? [
          `frame sizes: sides that are multiples of ${frameSizes.step}, from ${frameSizes.least} (${frameSizes.examples.join(", ")}, …); need not be square`,
        ]
      : []),
    ...(alignCorners ? [`alignCorners: ${alignCorners.use}. ${alignCorners.why}`] : []),
    ...notes.map((note) => `note: ${note}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function fit({ configs, comparison, scalars }: CheckpointInspection): string[] {
  const numbers = Object.entries(scalars).map(([name, value]) => `${name}: ${value}`);
  if (!comparison) return numbers;
  const { from, name } = comparison.config;
  const fits = configs.fits.length > 0 ? configs.fits.join(", ") : "no official one";
  const against = { given: "the one that was given", official: name, inferred: "read off its tensors", closest: name }[
    from
  ];
  return [
    ...numbers,
    `configurations that fit: ${fits}`,
    `compared with: ${against}${from === "closest" ? " (comes closest)" : ""}; it ${comparison.loads ? "loads" : "does not load"}`,
  ];
}

function modules({ modules }: CheckpointInspection): string[] {
  return modules.flatMap(({ name, tensors, parameters, bytes, types, parts }) => [
    `${name || "(unnamed)"}: ${count(parameters)} parameters in ${tensors} tensors, ${size(bytes)}, ${types.join(", ")}`,
    ...parts.map((part) => `  ${part.name || "(unnamed)"}: ${count(part.parameters)} parameters, ${size(part.bytes)}`),
  ]);
}

/** So many tensors are named; the rest is counted. */
const shown = 10;

function differences({ comparison }: CheckpointInspection): string[] {
  return Object.entries(comparison?.differences ?? {}).flatMap(([module, { missing, extra, otherDims }]) => [
    ...section(`${module}, missing`, missing.map(named)),
    ...section(
      `${module}, other dims`,
      otherDims.map(({ name, wanted, got }) => `${name} must be ${dims(wanted)}, got ${dims(got)}`),
    ),
    ...section(`${module}, more than is needed`, extra.map(named)),
  ]);
}

function section(title: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return [];
  const rest = entries.length - shown;
  return [
    `${title}: ${entries.length}`,
    ...list(entries.slice(0, shown)),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ];
}

function list(entries: readonly unknown[]): string[] {
  return entries.map((entry) => `  ${typeof entry === "string" ? entry : JSON.stringify(entry)}`);
}

const dims = (values: readonly number[]) => `[${values.join(", ")}]`;
const named = (tensor: { readonly name: string; readonly dims: readonly number[] }) =>
  `${tensor.name} ${dims(tensor.dims)}`;
const count = (value: number) => value.toLocaleString("en");
const size = (bytes: number) => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
