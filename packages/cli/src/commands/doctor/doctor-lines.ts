import type { Check } from "@bunraku/backends";
import { countOf } from "../../terminal/count-of.ts";
import { printable } from "../../terminal/printable.ts";
import type { BackendDiagnosis, CodecDiagnosis, DoctorReport } from "./doctor-report.ts";

/** The report as lines, for people and for bug reports. */
export function doctorLines({ version, node, system, backends, auto, codecs, model }: DoctorReport): string {
  const memory = `${(system.memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  const lines = [
    `bunraku ${version}, Node ${node}, ${system.platform}`,
    `${system.processor}, ${countOf(system.cores, "core")}, ${memory}`,
    "",
  ];
  if (backends.length > 0) lines.push("Backends:", ...backends.flatMap(backendLines), "");
  if (auto) {
    lines.push(
      auto.chosen ? `--backend auto takes ${auto.chosen}:` : `--backend auto takes none: ${auto.problem ?? ""}`,
    );
    for (const { name, reason } of auto.candidates) lines.push(`  ${name}: ${reason}`);
    lines.push("");
  }
  lines.push("Codecs:", ...codecs.flatMap(codecLines), "");
  lines.push(model.available ? `Default model: ${model.name}` : `Default model: missing. ${model.problem}`);
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function backendLines(backend: BackendDiagnosis): string[] {
  const { name, available, works, problem, warnings, checks } = backend;
  if (!available) return [`  no      ${name}: ${problem}`];
  const failed = checks.failed.length > 0 ? `, ${checks.failed.length} failed` : "";
  const proof = `${countOf(checks.passed, "check")} passed${failed}, ${checks.milliseconds} ms`;
  return [
    `  ${works ? "works" : "FAILED"}${works ? " " : ""}  ${name}: ${[...facts(backend), proof].join("; ")}`,
    ...checks.failed.map((check) => `          ${failure(check)}`),
    ...warnings.map(({ message }) => `          note: ${message}`),
  ];
}

function facts({ runtime, providers, threads, device, precision }: BackendDiagnosis): string[] {
  const described = [device?.vendor, device?.architecture, device?.description].filter(Boolean).join(" ");
  return [
    ...(runtime ? [runtime] : []),
    ...(providers ? [providers.join(", ")] : []),
    ...(threads === undefined ? [] : [countOf(threads, "thread")]),
    ...(described ? [described + (device?.software ? " (software)" : "")] : []),
    ...(precision === "float16" ? ["half precision"] : []),
  ];
}

function failure({ name, problem, maxAbsError, tolerance, replacedBy }: Check): string {
  // Not-a-number is null in JSON, in which probes tell.
  const found = problem ?? `differs by ${maxAbsError?.toPrecision(2) ?? "what is no number"} (allowed: ${tolerance})`;
  return `${name}: ${found}${replacedBy ? `; ${replacedBy} does it` : ""}`;
}

function codecLines({ name, available, problem, version, encoders, decoders }: CodecDiagnosis): string[] {
  if (!available) return [`  no      ${name}: ${problem}`];
  return [`  works   ${name}: ${version}; writes ${encoders.join(", ")}; reads ${decoders.join(", ")}`];
}
