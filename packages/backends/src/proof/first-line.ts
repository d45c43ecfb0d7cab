/** What an error says, as part of a sentence: its first line, without the full stop. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!.trim().replace(/\.$/, "") || "it failed without a word";
}
