import { BunrakuError } from "@bunraku/backends";

/** The image library, typed as its own package types it. */
export type Sharp = typeof import("sharp")["default"];

/**
 * Loads `sharp`, which reads and writes pictures.
 *
 * @throws `BACKEND_MISSING` when it is not installed, `BACKEND_UNAVAILABLE` when it does not start here.
 */
export async function loadSharp(): Promise<Sharp> {
  try {
    return (await import("sharp")).default;
  } catch (error) {
    if (isMissing(error)) {
      throw new BunrakuError(
        "BACKEND_MISSING",
        "Reading and writing pictures needs the package sharp, which is not installed. Run: npm i sharp",
        { cause: error },
      );
    }
    throw new BunrakuError("BACKEND_UNAVAILABLE", `sharp is installed and does not start: ${firstLine(error)}.`, {
      cause: error,
    });
  }
}

/** Whether an import failed because the package is not there (rather than broken). */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}

/** The first line of what an error says, without its final full stop. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.trim().split("\n")[0] ?? "").replace(/\.$/, "");
}
