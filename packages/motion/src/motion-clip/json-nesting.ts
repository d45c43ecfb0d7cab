/**
 * Whether JSON nests lists and objects deeper than `most`. Parsers take any depth, and what goes through their result by
 * recursion then ends at the end of the stack. Text that is no JSON has any answer.
 */
export function nestsDeeper(json: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const letter = json[at];
    if (inText) {
      if (letter === "\\") at++;
      else if (letter === '"') inText = false;
    } else if (letter === '"') inText = true;
    else if (letter === "[" || letter === "{") {
      if (++depth > most) return true;
    } else if (letter === "]" || letter === "}") depth--;
  }
  return false;
}
