/** What a form carries, or null for what is no JSON: it comes from outside, and is checked by whoever reads it. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
