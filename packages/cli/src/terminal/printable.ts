/**
 * Text from elsewhere on one line of a terminal: control characters, which could clear the screen or write lines of their
 * own, and those that turn the direction of writing are shown as escapes.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
