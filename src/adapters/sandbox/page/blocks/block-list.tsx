import type { AnyBlock } from '@slack/types';
import { Block } from './block.tsx';
import { BlockBoundary } from './block-boundary.tsx';

/** The blocks of a message or a view, one below the other. One that can't be drawn does not take the others along. */
export function BlockList({ blocks }: { blocks: readonly AnyBlock[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, at) => (
        <BlockBoundary key={block.block_id ?? `${at}${block.type}`} block={block}>
          <Block block={block} />
        </BlockBoundary>
      ))}
    </div>
  );
}
