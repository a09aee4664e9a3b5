import type { ContextBlock as Context } from '@slack/types';
import { TextObject } from '../text/text-object.tsx';
import { withKeys } from '../text/with-keys.ts';
import { BlockImage } from './image-block.tsx';

/** Small print: texts and little images in a row. */
export function ContextBlock({ block }: { block: Context }) {
  return (
    <div className="block-context">
      {withKeys(block.elements).map(({ key, item: element }) =>
        element.type === 'image' ? (
          <BlockImage key={key} image={element} className="context-image" />
        ) : (
          <div key={key} className="context-text">
            <TextObject text={element} />
          </div>
        ),
      )}
    </div>
  );
}
