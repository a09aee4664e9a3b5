/** The part of html-to-text that is used here; the library ships no types of its own. */
declare module 'html-to-text' {
  export interface TagRule {
    readonly selector: string;
    readonly options?: Readonly<Record<string, unknown>>;
  }
  export function compile(options: {
    readonly wordwrap: false;
    readonly selectors: readonly TagRule[];
  }): (html: string) => string;
}
