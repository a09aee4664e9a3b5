/** One thing to pick. */
export interface PickerOption {
  id: string;
  label: string;
  description?: string | undefined;
  /** The heading it stands under; options of one group follow each other. */
  group?: string | undefined;
}

/** The options that hold every typed word, in their own order; those that start with it come first. */
export function matchingOptions(options: readonly PickerOption[], typed: string): PickerOption[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [...options];
  const hits = options.filter((option) => {
    const text = `${option.label} ${option.description ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = words[0] ?? '';
  return [...hits].sort((one, other) => startsWith(other, first) - startsWith(one, first));
}

function startsWith(option: PickerOption, word: string): number {
  return option.label.toLowerCase().startsWith(word) ? 1 : 0;
}

/** The position after a key: arrows go round, Home and End jump; null for a key that moves nothing. */
export function movedTo(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
