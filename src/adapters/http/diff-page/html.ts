/** Text that is markup already. Made by `html` alone, so that nothing else can be mistaken for it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Shown = string | number | Html | null | readonly Shown[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup in which everything that is filled in shows as the characters it is. Attributes must stand in quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Shown[]): Html {
  return new Html(parts.map((part, index) => `${index === 0 ? '' : show(values[index - 1] ?? null)}${part}`).join(''));
}

function show(value: Shown): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(show).join('');
  return escapeHtml(String(value));
}

// Control characters that no page can hold; line ends and tabs stay.
const NOT_SHOWN = /[^\P{Cc}\t\n\r]|\p{Cs}/gu;

function escapeHtml(text: string): string {
  return text.replace(NOT_SHOWN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
