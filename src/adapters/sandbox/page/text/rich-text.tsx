import type { RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import { InlineRuns } from './inline-runs.tsx';
import type { Inline } from './mrkdwn.ts';
import { CodeBlock } from './mrkdwn-text.tsx';
import { withKeys } from './with-keys.ts';

/** A rich text block, drawn by the same runs as mrkdwn. */
export function RichText({ block }: { block: RichTextBlock }) {
  return (
    <div className="mrkdwn">
      {withKeys(block.elements).map(({ key, item: element }) => (
        <Part key={key} element={element} />
      ))}
    </div>
  );
}

function Part({ element }: { element: RichTextBlockElement }) {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <p dir="auto">
          <InlineRuns runs={runsOf(element.elements)} />
        </p>
      );
    case 'rich_text_quote':
      return (
        <blockquote dir="auto">
          <InlineRuns runs={runsOf(element.elements)} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return <CodeBlock text={element.elements.map((run) => run.text ?? ('url' in run ? run.url : '')).join('')} />;
    case 'rich_text_list':
      return <List element={element} />;
    default:
      return null;
  }
}

function List({ element }: { element: Extract<RichTextBlockElement, { type: 'rich_text_list' }> }) {
  const Tag = element.style === 'ordered' ? 'ol' : 'ul';
  return (
    <Tag className={`indent-${Math.min(element.indent ?? 0, 8)}`}>
      {withKeys(element.elements).map(({ key, item }) => (
        <li key={key} dir="auto">
          <InlineRuns runs={runsOf(item.elements)} />
        </li>
      ))}
    </Tag>
  );
}

function runsOf(elements: readonly RichTextElement[]): Inline[] {
  return elements.map((element) => styled(runOf(element), element.style));
}

function runOf(element: RichTextElement): Inline {
  switch (element.type) {
    case 'text':
      return element.style?.code === true ? { kind: 'code', text: element.text } : { kind: 'text', text: element.text };
    case 'link':
      return { kind: 'link', href: element.url, label: element.text ?? element.url };
    case 'user':
      return { kind: 'user', id: element.user_id, label: null };
    case 'channel':
      return { kind: 'channel', id: element.channel_id, label: null };
    case 'emoji':
      return { kind: 'emoji', name: element.name };
    case 'broadcast':
      return { kind: 'broadcast', range: element.range };
    case 'usergroup':
      return { kind: 'group', id: element.usergroup_id, label: null };
    case 'date':
      return {
        kind: 'date',
        seconds: element.timestamp,
        format: element.format,
        href: element.url ?? null,
        fallback: element.fallback ?? '',
      };
    case 'color':
      return { kind: 'text', text: element.value };
    default:
      return { kind: 'text', text: '' };
  }
}

function styled(run: Inline, style: RichTextElement['style']): Inline {
  let marked = run;
  if (style?.strike === true) marked = { kind: 'strike', children: [marked] };
  if (style?.italic === true) marked = { kind: 'emphasis', children: [marked] };
  if (style?.bold === true) marked = { kind: 'strong', children: [marked] };
  return marked;
}
