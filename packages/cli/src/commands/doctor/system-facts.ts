import { arch, cpus, platform, release, totalmem } from "node:os";
import type { SystemFacts } from "./doctor-report.ts";

/** What the machine is: nothing that names it or its owner. */
export function systemFacts(): SystemFacts {
  const cores = cpus();
  return {
    platform: `${platform()} ${release()} ${arch()}`,
    processor: cores[0]?.model.trim() ?? "unknown",
    cores: cores.length,
    memoryBytes: totalmem(),
  };
}
