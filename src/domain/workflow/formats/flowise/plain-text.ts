import { compile } from 'html-to-text';

/** How a text begins that the editor of a node wrote. What people type into it, tags included, is escaped inside. */
const EDITOR_TEXT = /^\s*<(?:p|ul|ol|h[1-6]|pre|blockquote|hr)[\s/>]/i;
/** All that this editor writes. Anything else, as a title of a link, might say something to a model that its text does not show: it is left as it is. */
const EDITOR_TAGS = new Set(
  'p br hr span strong em b i u s code pre ol ul li h1 h2 h3 h4 h5 h6 blockquote a'.split(' '),
);
const EMPTY_TAGS = new Set(['br', 'hr']);
const DEEPEST = 100;

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } }));
const convert = compile({
  wordwrap: false,
  selectors: [...HEADINGS, { selector: 'a', options: { hideLinkHrefIfSameAsText: true } }],
});

/**
 * The words of a text that Flowise keeps as HTML. Text that is not certainly its editor's comes back unchanged:
 * a prompt may well be about HTML, and nothing may hide from a review in a comment, a script or an attribute.
 */
export function plainText(text: string): string {
  return EDITOR_TEXT.test(text) && isFromEditor(text) ? convert(text).trim() : text;
}

function isFromEditor(html: string): boolean {
  let depth = 0;
  for (const [tag, close, name] of html.matchAll(/<(\/?)([a-z][a-z0-9-]*)?[^>]*>?/gi)) {
    const lower = name?.toLowerCase() ?? '';
    if (!tag.endsWith('>') || !EDITOR_TAGS.has(lower) || /\stitle\s*=/i.test(tag)) return false;
    if (!EMPTY_TAGS.has(lower)) depth += close === '/' ? -1 : 1;
    if (depth > DEEPEST) return false;
  }
  return true;
}
