import { useMemo } from 'react';
import { InlineRuns } from './inline-runs.tsx';
import { parseMrkdwn, parsePlain } from './mrkdwn.ts';
import { withKeys } from './with-keys.ts';

/** A mrkdwn text with its quotes and code blocks. `dir="auto"`: a right-to-left text does not turn the card around. */
export function MrkdwnText({ text }: { text: string }) {
  const pieces = useMemo(() => parseMrkdwn(text), [text]);
  return (
    <div className="mrkdwn">
      {withKeys(pieces).map(({ key, item: piece }) => {
        if (piece.kind === 'code') return <CodeBlock key={key} text={piece.text} />;
        if (piece.kind === 'quote') {
          return (
            <blockquote key={key} dir="auto">
              <InlineRuns runs={piece.children} />
            </blockquote>
          );
        }
        return (
          <p key={key} dir="auto">
            <InlineRuns runs={piece.children} />
          </p>
        );
      })}
    </div>
  );
}

/** Code keeps its lines and scrolls sideways; the focus stop makes it scroll by keyboard too. */
export function CodeBlock({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable without a mouse
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
  );
}

/** A plain text, in which shortcodes still are emoji. */
export function PlainText({ text }: { text: string }) {
  const runs = useMemo(() => parsePlain(text), [text]);
  return (
    <bdi>
      <InlineRuns runs={runs} />
    </bdi>
  );
}
