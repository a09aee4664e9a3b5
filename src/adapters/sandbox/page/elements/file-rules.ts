import type { FileInput } from '@slack/types';

/** What Slack takes when the element names no limit. */
const MOST_FILES = 10;

/** Why this file may not be added to those that are there already; null when it may. */
export function fileProblem(element: FileInput, held: number, name: string): string | null {
  const most = mostFiles(element);
  if (held >= most)
    return most === 1 ? 'Remove the file first to choose another one.' : `No more than ${most} files go here.`;
  const types = element.filetypes ?? [];
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '';
  if (types.length === 0 || types.some((type) => type.toLowerCase() === ending)) return null;
  return `“${name}” can't be taken here: choose ${types.map((type) => `.${type}`).join(', ')}.`;
}

/** How many files the element takes. */
export function mostFiles(element: FileInput): number {
  return element.max_files ?? MOST_FILES;
}

/** "12 KB": sizes as people read them. */
export function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
