import type { Backend } from "../contract/backend.ts";
import type { BackendReport } from "../contract/report.ts";

/**
 * The same backend, with another report.
 *
 * @param backend It is now owned by the result: disposing that disposes it.
 */
export function withReport(backend: Backend, report: BackendReport): Backend {
  return {
    contract: backend.contract,
    name: backend.name,
    ...(backend.gpu !== undefined && { gpu: backend.gpu }),
    get warnings() {
      return backend.warnings;
    },
    report,
    load: (model, options) => backend.load(model, options),
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  };
}
