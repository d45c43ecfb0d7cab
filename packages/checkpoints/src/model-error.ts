import { BunrakuError } from "@bunraku/backends";

/** An error about the content of a file: `<file>: <what was found, what was wanted, the way out>`. */
export function modelError(name: string, message: string, cause?: unknown): BunrakuError {
  return new BunrakuError("MODEL", `${name}: ${printable(message)}`, cause === undefined ? {} : { cause });
}

/** Text from a file, shortened and quoted for a message. */
export function quoted(text: string): string {
  return printable(JSON.stringify(shortened(text, 120)));
}

/** Text from a file, cut to a length that a message can bear. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** Hostile files choose what is in them: characters that move a cursor, turn text around or hide are written as escapes. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
