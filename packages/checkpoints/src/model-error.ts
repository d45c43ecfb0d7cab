import { BunrakuError } from "@bunraku/backends";

/** An error about the content of a file: `<file>: <what was found, what was wanted, the way out>`. */
export function modelError(name: string, message: string, cause?: unknown): BunrakuError {
  return new BunrakuError("MODEL", `${name}: ${message}`, cause === undefined ? {} : { cause });
}

/** Text from a file, shortened and quoted for a message. Hostile files choose their names: control characters are escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
