import type { AnyBlock, KnownBlock } from '@slack/types';
import { lazy, Suspense } from 'react';
import { Element } from '../elements/element.tsx';
import { RichText } from '../text/rich-text.tsx';
import { TextObject } from '../text/text-object.tsx';
import { ContextBlock } from './context-block.tsx';
import { FileBlock } from './file-block.tsx';
import { HeaderBlock } from './header-block.tsx';
import { ImageBlock } from './image-block.tsx';
import { InputBlock } from './input-block.tsx';
import { SectionBlock } from './section-block.tsx';
import { TableBlock } from './table-block.tsx';

/** Fetched when the first such block is drawn: it brings a whole Markdown reader along. */
const LibraryBlock = lazy(async () => ({ default: (await import('./library-block.tsx')).LibraryBlock }));

/**
 * Draws one block. Those that people can use, or that hold mentions and tables, are the page's own;
 * the remaining passive ones (markdown, cards, plans …) are drawn by slack-blocks-to-jsx.
 */
export function Block({ block: any }: { block: AnyBlock }) {
  const block = any as KnownBlock;
  switch (block.type) {
    case 'section':
      return <SectionBlock block={block} />;
    case 'header':
      return <HeaderBlock block={block} />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'actions':
      return (
        <div className="block-actions">
          {block.elements.map((element, at) => (
            <Element
              key={element.action_id ?? `${at}${element.type}`}
              element={element}
              blockId={block.block_id ?? ''}
              dispatches
            />
          ))}
        </div>
      );
    case 'input':
      return <InputBlock block={block} />;
    case 'divider':
      return <hr className="block-divider" />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'table':
      return <TableBlock rows={block.rows} settings={block.column_settings} />;
    case 'data_table':
      return <TableBlock rows={block.rows} caption={block.caption} rowHeader={block.row_header_column_index} />;
    case 'alert':
      return (
        <div className={`block-alert block-alert-${block.level ?? 'default'}`}>
          <TextObject text={block.text} />
        </div>
      );
    case 'file':
      return <FileBlock block={block} />;
    default:
      return (
        <Suspense fallback={null}>
          <LibraryBlock block={block} />
        </Suspense>
      );
  }
}
